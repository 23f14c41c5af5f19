/// The problems that make a set of settings invalid.
///
/// Each problem is one line, which names the setting and says what is wrong and how to fix it. The
/// line never contains a secret.
package struct SettingsError: Error, Equatable, CustomStringConvertible {
    package let problems: [SettingIssue]

    package init(problems: [SettingIssue]) { self.problems = problems }

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

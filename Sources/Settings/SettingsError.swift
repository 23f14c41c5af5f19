/// The problems that make a set of settings invalid.
///
/// Each problem is one line: the setting's name, what is wrong and how to fix it. It never contains
/// a secret.
package struct SettingsError: Error, Equatable, CustomStringConvertible {
    package let problems: [SettingIssue]

    package init(problems: [SettingIssue]) { self.problems = problems }

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

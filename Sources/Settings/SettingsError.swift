/// Why the settings do not do.
///
/// Each problem names its setting, what is wrong and the cure, in one line; never a secret.
package struct SettingsError: Error, Equatable, CustomStringConvertible {
    package let problems: [SettingIssue]

    package init(problems: [SettingIssue]) { self.problems = problems }

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

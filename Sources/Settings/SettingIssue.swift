/// A problem or a warning about one setting.
package struct SettingIssue: Equatable, Sendable, CustomStringConvertible {
    package let name: String
    package let text: String

    package var description: String { "\(name): \(text)" }
}

/// What is to be said about one setting.
struct SettingIssue: Equatable, Sendable, CustomStringConvertible {
    let name: String
    let text: String

    var description: String { "\(name): \(text)" }
}

/// Why the settings do not do.
///
/// Each problem names its setting, what is wrong and the cure, in one line; never a secret.
struct SettingsError: Error, Equatable, CustomStringConvertible {
    let problems: [SettingIssue]

    var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Why a value does not do, and what to write instead.
struct InvalidValue: Error, Equatable, Sendable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

extension String {
    /// The text in quotes, on one line and not too long, for a message.
    var quoted: String {
        let isLong = unicodeScalars.count > 60
        return "\"\(String(unicodeScalars.prefix(60)).escaped)\(isLong ? "…" : "")\""
    }

    /// The text on one line, with quotes and what would not be seen escaped as in Swift.
    var escaped: String {
        let shown = unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate,
                .unassigned, .privateUse:
                "\\u{\(String(scalar.value, radix: 16))}"
            default: scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : String(scalar)
            }
        }
        return shown.joined()
    }

    /// The text without spaces, tabs and line breaks at its ends.
    var trimmingBlanks: Substring {
        func isBlank(_ character: Character) -> Bool {
            character == " " || character == "\t" || character == "\n" || character == "\r\n"
                || character == "\r"
        }
        guard let first = firstIndex(where: { !isBlank($0) }),
            let last = lastIndex(where: { !isBlank($0) })
        else { return "" }
        return self[first...last]
    }
}

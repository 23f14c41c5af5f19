extension String {
    /// The string as messages show it: in quotes, cut after 60 characters, and escaped.
    package var quoted: String {
        let isLong = unicodeScalars.count > 60
        return "\"\(String(unicodeScalars.prefix(60)).escaped)\(isLong ? "…" : "")\""
    }

    /// The string on one line, with quotes, backslashes and invisible characters escaped as in
    /// Swift.
    package var escaped: String {
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

    /// The string without leading and trailing spaces, tabs and line breaks.
    package var trimmingBlanks: Substring {
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

/// A line of a settings file, split into a name and a value.
///
/// A line is accepted only if a POSIX shell and systemd's `EnvironmentFile=` would both read this
/// value from it. The two differ about comments behind values, blanks, quotes and backslashes
/// (POSIX.1-2017, Shell Command Language, sections 2.2 and 2.3; systemd.exec(5)). Any other line is
/// refused, because a misread value does harm: if a comment became part of the database's path, a
/// new, empty database would be created.
struct SettingsLine {
    let name: String
    let value: String

    /// Parses a line without its line break; returns nil for a blank line and for a comment.
    ///
    /// - Throws: `InvalidValue`, whose reason completes a message that begins with the line number.
    ///   The reason never contains the value, which may be a secret.
    init?(_ bytes: ArraySlice<UInt8>) throws(InvalidValue) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InvalidValue("is not UTF-8; save the file as UTF-8")
        }
        let line = text.unicodeScalars.drop(while: \.isBlank)
        guard let first = line.first, first != "#", first != ";",
            line.contains(where: { $0 != "\r" })
        else { return nil }
        guard first != "\u{FEFF}" else {
            throw InvalidValue(
                "begins with a byte order mark; save the file as UTF-8 without that mark")
        }
        guard line.last != "\r" else {
            throw InvalidValue(
                "ends with a carriage return; save the file with the line ends of Unix")
        }
        guard line.last != "\\", let equals = line.firstIndex(of: "=") else {
            throw InvalidValue("is not NAME=value; write one setting per line")
        }
        name = String(line[..<equals])
        value = try Self.value(line[line.index(after: equals)...])
    }

    private static func value(_ text: Scalars) throws(InvalidValue) -> String {
        var text = text
        while text.last?.isBlank == true { text.removeLast() }
        switch text.first {
        case nil: return ""
        case let first? where first.isBlank:
            throw InvalidValue("has a blank after the =; remove the blank")
        case "'", "\"": return try quoted(text)
        default: return try unquoted(text)
        }
    }

    private static func unquoted(_ text: Scalars) throws(InvalidValue) -> String {
        var previous: Unicode.Scalar?
        for (index, scalar) in zip(text.indices, text) {
            if scalar.isBlank { throw textBehindValue(text[index...]) }
            if "'\"\\$`;&|<>()".unicodeScalars.contains(scalar) {
                throw InvalidValue(
                    "has the character \(scalar) in a value without quotes; "
                        + "write the value in quotes")
            }
            // A shell replaces ~ at the beginning of a value and after a colon (POSIX.1-2017, Shell
            // Command Language, section 2.6.1).
            if scalar == "~", previous == nil || previous == ":" {
                throw InvalidValue("has ~ for a home folder; write the path in full")
            }
            if scalar.isInvisible { throw InvalidValue.invisibleCharacter }
            previous = scalar
        }
        return String(text)
    }

    private static func quoted(_ text: Scalars) throws(InvalidValue) -> String {
        var value = String.UnicodeScalarView()
        var rest = text
        let quote = rest.removeFirst()
        while let scalar = rest.popFirst() {
            switch scalar {
            case quote:
                guard rest.isEmpty else { throw textBehindValue(rest) }
                return String(value)
            case "\\" where quote == "\"":
                // POSIX.1-2017, Shell Command Language, section 2.2.3: within double quotes, a
                // backslash is removed before these four characters only.
                if let next = rest.first, "\"\\$`".unicodeScalars.contains(next) {
                    value.append(next)
                    rest.removeFirst()
                } else {
                    value.append(scalar)
                }
            case "$" where quote == "\"", "`" where quote == "\"":
                throw InvalidValue(
                    "has the character \(scalar) in double quotes; write the value in single quotes"
                )
            case let scalar where scalar.isForbidden: throw InvalidValue.invisibleCharacter
            default: value.append(scalar)
            }
        }
        throw InvalidValue("has no closing quote; write the value in one pair of quotes")
    }

    private static func textBehindValue(_ text: Scalars) -> InvalidValue {
        guard text.first(where: { !$0.isBlank }) == "#" else {
            return InvalidValue(
                text.first?.isBlank == true
                    ? "has a blank in its value; write the whole value in quotes"
                    : "has text behind a closing quote; write the value in one pair of quotes")
        }
        return InvalidValue("has a comment behind its value; put the comment on a line of its own")
    }

    private typealias Scalars = Substring.UnicodeScalarView
}

extension InvalidValue {
    fileprivate static let invisibleCharacter = InvalidValue(
        "has an invisible character in its value; type the value again")
}

extension Unicode.Scalar {
    fileprivate var isBlank: Bool { self == " " || self == "\t" }

    /// Whether systemd or a shell drops or refuses this character.
    fileprivate var isForbidden: Bool {
        properties.generalCategory == .control && self != "\t" || self == "\u{FEFF}"
            || properties.isNoncharacterCodePoint
    }

    /// Whether the character, such as a no-break space, is likely to be in a value by mistake.
    fileprivate var isInvisible: Bool {
        isForbidden || properties.isWhitespace || properties.generalCategory == .format
    }
}

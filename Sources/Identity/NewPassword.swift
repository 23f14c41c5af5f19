/// The contract's rule for the password of a new account.
enum NewPassword {
    /// Every rule of the contract that the text breaks, in the contract's words and order.
    ///
    /// Empty when the text will do. Lengths count UTF-16 units. Whether the hash can hold the
    /// password whole is not judged here.
    static func violations(in text: String) -> [String] {
        guard !text.isEmpty else { return ["\"password\" is not allowed to be empty"] }
        var violations: [String] = []
        let length = text.utf16.count
        if length < 8 { violations.append("Password must be at least 8 characters long") }
        if length > 70 { violations.append("Password must not exceed 70 characters") }
        if !isMixed(text) {
            violations.append(
                "Password must contain at least 1 uppercase letter, 1 lowercase letter, "
                    + "1 number, and 1 special character (@$!%*?&)")
        }
        return violations
    }

    /// `^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[@$!%*?&])[A-Za-z\d@$!%*?&]`, which the contract keeps.
    ///
    /// It has no end anchor, so only the first character is bound to the classes; and its dot stops
    /// at a line terminator of ECMA-262, so all four must be found on the first line.
    private static func isMixed(_ text: String) -> Bool {
        guard text.unicodeScalars.first.map(Class.init) != .other else { return false }
        let firstLine = text.unicodeScalars.prefix {
            !["\n", "\r", "\u{2028}", "\u{2029}"].contains($0)
        }
        let found = Set(firstLine.map(Class.init))
        return found.isSuperset(of: [.lowercase, .uppercase, .digit, .special])
    }

    private enum Class {
        case lowercase, uppercase, digit, special, other

        init(_ scalar: Unicode.Scalar) {
            self =
                switch scalar {
                case "a"..."z": .lowercase
                case "A"..."Z": .uppercase
                case "0"..."9": .digit
                case "@", "$", "!", "%", "*", "?", "&": .special
                default: .other
                }
        }
    }
}

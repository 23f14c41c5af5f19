/// The rule for the password of a new account, and for another one.
public struct NewPassword: Equatable, Sendable {
    /// The least length, in UTF-16 units.
    public let minimum: Int
    /// The greatest length, in UTF-16 units; `nil` where only the hash has one.
    public let maximum: Int?
    /// Whether all four kinds of character must be in it.
    public let isMixed: Bool

    /// The contract's rule.
    public static let contract = NewPassword(minimum: 8, maximum: 70, isMixed: true)
    /// Length and nothing else, as NIST SP 800-63B advises.
    public static let strict = NewPassword(minimum: 15, maximum: nil, isMixed: false)

    /// Every rule that the text breaks, in the contract's words and order.
    ///
    /// Empty when the text will do. Whether the hash can hold the password whole is not judged
    /// here.
    func violations(in text: String) -> [String] {
        guard !text.isEmpty else { return ["\"password\" is not allowed to be empty"] }
        var violations: [String] = []
        let length = text.utf16.count
        if length < minimum {
            violations.append("Password must be at least \(minimum) characters long")
        }
        if let maximum, length > maximum {
            violations.append("Password must not exceed \(maximum) characters")
        }
        if isMixed, !Self.hasAllKinds(text) {
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
    private static func hasAllKinds(_ text: String) -> Bool {
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

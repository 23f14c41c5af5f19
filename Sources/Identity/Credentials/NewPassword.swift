/// The rule for new passwords, at signup and when a password is changed.
public struct NewPassword: Equatable, Sendable {
    /// The minimum length, in UTF-16 units.
    public let minimum: Int
    /// The maximum length, in UTF-16 units; `nil` if only the hash limits it.
    public let maximum: Int?
    /// Whether the password must contain all four kinds of character.
    public let isMixed: Bool

    /// The contract's rule.
    public static let contract = NewPassword(minimum: 8, maximum: 70, isMixed: true)
    /// Only a minimum length, as NIST SP 800-63B recommends.
    public static let strict = NewPassword(minimum: 15, maximum: nil, isMixed: false)

    /// What the text breaks, in the contract's order; empty if it is valid.
    ///
    /// Whether the hash can hold the whole password is not checked here.
    func violations(in text: String) -> [AccountViolation] {
        guard !text.isEmpty else { return [.emptyPassword] }
        var violations: [AccountViolation] = []
        let length = text.utf16.count
        if length < minimum { violations.append(.passwordTooShort(minimum: minimum)) }
        if let maximum, length > maximum { violations.append(.passwordTooLong(maximum: maximum)) }
        if isMixed, !Self.hasAllKinds(text) { violations.append(.passwordNotMixed) }
        return violations
    }

    /// `^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[@$!%*?&])[A-Za-z\d@$!%*?&]`, as the contract
    /// requires.
    ///
    /// The expression has no end anchor, so only the first character must belong to the listed
    /// classes. Its dot stops at a line terminator of ECMA-262, so all four kinds must occur on the
    /// first line.
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

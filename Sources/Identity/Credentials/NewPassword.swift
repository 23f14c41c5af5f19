import Cryptography

/// The rule for new passwords, at signup and when a password is changed.
public struct NewPassword: Equatable, Sendable {
    /// The minimum length, in UTF-16 code units.
    public let minimum: Int
    /// The maximum length, in UTF-16 code units; `nil` if only the hash limits it.
    public let maximum: Int?
    /// Whether the password must contain all four kinds of character: an upper-case letter, a
    /// lower-case letter, a digit and one of `@$!%*?&`.
    public let isMixed: Bool

    /// The rule of the HTTP contract (the recorded API of the Express backend).
    public static let contract = NewPassword(minimum: 8, maximum: 70, isMixed: true)
    /// A rule that requires only a minimum length, as NIST SP 800-63B recommends.
    public static let strict = NewPassword(minimum: 15, maximum: nil, isMixed: false)

    /// Returns all rules that a new password violates.
    ///
    /// A password that is refused for another reason is not checked for being common.
    ///
    /// - Parameters:
    ///   - text: The password.
    ///   - email: The address of the account, which the password must not be; `nil` if the address
    ///     is not known.
    ///   - hasher: The hasher of new passwords.
    ///   - refusesCommon: Whether common passwords are refused.
    /// - Returns: The rules; empty if the password is valid.
    func violations(
        in text: String, of email: String?, hashedBy hasher: PasswordHasher,
        refusesCommon: Bool
    ) -> [AccountViolation] {
        let violations = violations(in: text) + hasher.violations(of: text)
        guard violations.isEmpty else { return violations }
        if let email, Self.isAddress(text, email) { return [.passwordIsAddress] }
        return refusesCommon && CommonPasswords.contains(text) ? [.passwordCommon] : []
    }

    /// Whether a password is an e-mail address in any spelling, or the part before its at sign.
    private static func isAddress(_ password: String, _ email: String) -> Bool {
        let (password, email) = (
            Account.addressKey(of: password).utf8, Account.addressKey(of: email).utf8
        )
        return password.elementsEqual(email)
            || password.elementsEqual(email.prefix { $0 != UInt8(ascii: "@") })
    }

    /// Returns the rules that a new password violates, in the order of the HTTP contract of the
    /// Express backend; empty if the password is valid.
    ///
    /// This function does not check whether the hash uses the whole password, whether the password
    /// is the e-mail address, or whether it is common.
    func violations(in text: String) -> [AccountViolation] {
        guard !text.isEmpty else { return [.emptyPassword] }
        var violations: [AccountViolation] = []
        let length = text.utf16.count
        if length < minimum { violations.append(.passwordTooShort(minimum: minimum)) }
        if let maximum, length > maximum { violations.append(.passwordTooLong(maximum: maximum)) }
        if isMixed, !Self.hasAllKinds(text) { violations.append(.passwordNotMixed) }
        return violations
    }

    /// Whether a password matches the regular expression of the Express backend's HTTP contract,
    /// `^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[@$!%*?&])[A-Za-z\d@$!%*?&]`.
    ///
    /// The expression has no end anchor, so only the first character must belong to the listed
    /// classes. Its dot does not match a line terminator of ECMA-262, so all four kinds of
    /// character must occur on the first line.
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

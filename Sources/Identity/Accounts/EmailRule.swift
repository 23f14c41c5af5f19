import EmailAddress

/// The rule for the e-mail address of a new account, as in the HTTP contract (the recorded API of
/// the Express backend).
enum EmailRule {
    /// The allowed lengths of an address, in UTF-16 code units.
    private static let lengths = 5...100

    /// Returns the rules that a string violates, in the order of the HTTP contract of the Express
    /// backend; empty if the string is accepted.
    ///
    /// `topLevelDomains` contains the accepted top-level domains in lower case and without a dot,
    /// internationalized ones as A-labels; `nil` accepts every top-level domain.
    static func violations(in text: String, topLevelDomains: Set<String>?) -> [AccountViolation] {
        guard !text.isEmpty else { return [.emptyEmail] }
        var violations: [AccountViolation] = []
        let length = text.utf16.count
        if let email = Email(text), !email.hasInvisibleCharacter {
            if topLevelDomains?.contains(email.domain.topLevelDomain) == false {
                violations.append(.topLevelDomainNotAccepted)
            }
        } else {
            violations.append(.invalidEmail)
        }
        if length < lengths.lowerBound {
            violations.append(.emailTooShort(minimum: lengths.lowerBound))
        }
        if length > lengths.upperBound {
            violations.append(.emailTooLong(maximum: lengths.upperBound))
        }
        return violations
    }
}

import EmailAddress

/// The contract's rule for the e-mail address of a new account.
enum EmailRule {
    /// The lengths that an address may have, in UTF-16 units.
    private static let lengths = 5...100

    /// What the text breaks, in the contract's order; empty if it is accepted.
    ///
    /// `topLevelDomains` are in lower case and without a dot,
    /// internationalized ones as A-labels; `nil` accepts every top-level domain. Lengths count UTF-16 units.
    static func violations(in text: String, topLevelDomains: Set<String>?) -> [AccountViolation] {
        guard !text.isEmpty else { return [.emptyEmail] }
        var violations: [AccountViolation] = []
        let length = text.utf16.count
        if let email = Email(text) {
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

import EmailAddress

/// The contract's rule for the e-mail address of a new account.
enum EmailRule {
    /// Every rule of the contract that the text breaks, in the contract's words and order.
    ///
    /// Empty if the text is accepted. `topLevelDomains` are in lower case and without a dot,
    /// internationalized ones as A-labels; `nil` accepts every top-level domain. Lengths count UTF-16 units.
    static func violations(in text: String, topLevelDomains: Set<String>?) -> [String] {
        guard !text.isEmpty else { return ["\"email\" is not allowed to be empty"] }
        var violations: [String] = []
        let length = text.utf16.count
        if !isAccepted(text, topLevelDomains) {
            violations.append("Please provide a valid email address")
        }
        if length < 5 { violations.append("Email must be at least 5 characters long") }
        if length > 100 { violations.append("Email must not exceed 100 characters") }
        return violations
    }

    private static func isAccepted(_ text: String, _ topLevelDomains: Set<String>?) -> Bool {
        guard let email = Email(text) else { return false }
        return topLevelDomains?.contains(email.domain.topLevelDomain) ?? true
    }
}

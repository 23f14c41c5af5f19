import EmailAddress

extension Account {
    /// Returns a string that is the same for all spellings of one e-mail address.
    ///
    /// Accounts are found by it, and it is unique. A store keeps it, so the result for an address
    /// must never change. Any string has a key, because people type anything into a login form.
    public static func addressKey(of email: String) -> String { Email.key(of: email) }
}

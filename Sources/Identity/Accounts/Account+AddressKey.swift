import EmailAddress

extension Account {
    /// Returns a string that is the same for all spellings of one e-mail address.
    ///
    /// Stores find accounts by this key, and no two accounts have the same key. The key is stored,
    /// so the result for an address must never change. Strings that are not addresses have a key
    /// too, because people type anything into a login form.
    public static func addressKey(of email: String) -> String { Email.key(of: email) }
}

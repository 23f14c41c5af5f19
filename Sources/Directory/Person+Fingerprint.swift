extension Person {
    /// Identifies this state of the person among all states of all people.
    ///
    /// - Throws: `CryptographyError`.
    public var fingerprint: Fingerprint {
        get throws {
            // The length of the first name separates the two names.
            try Fingerprint(
                of: Array("\(id) \(firstName.utf8.count) \(firstName)\(lastName)".utf8).span)
        }
    }
}

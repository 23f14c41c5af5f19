extension Person {
    /// A fingerprint that identifies this state of the person among all states of all people.
    ///
    /// - Throws: `CryptographyError`.
    public var fingerprint: Fingerprint {
        get throws {
            // The length of the first name shows where the first name ends and the last name
            // begins.
            try Fingerprint(
                of: Array("\(id) \(firstName.utf8.count) \(firstName)\(lastName)".utf8).span)
        }
    }
}

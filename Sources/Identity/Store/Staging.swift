public import Directory

/// Holds imported accounts and people until all have been read and move into a store together.
public protocol Staging: Sendable {
    /// Stages an account, unless a staged account has its address.
    ///
    /// - Returns: The place of the staged account with the same address, compared without regard
    ///   to ASCII case; `nil` if the account has been staged.
    func stage(_ account: ImportedAccount, from place: ImportPlace) throws -> ImportPlace?
    /// Stages a person, unless a staged person has the number.
    ///
    /// - Returns: The place of the staged person with the same number; `nil` if the person has
    ///   been staged.
    func stage(_ person: Person, from place: ImportPlace) throws -> ImportPlace?
    /// Calls the body for each account, in the order in which they were staged.
    func eachAccount(_ body: (ImportedAccount, ImportPlace) throws -> Void) throws
    /// Calls the body for each person, ordered by number.
    func forEachPerson(_ body: (Person, ImportPlace) throws -> Void) throws
}

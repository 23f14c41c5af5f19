public import Directory

/// Holds imported accounts and people until all of them have been read and can be added to a store
/// together.
public protocol Staging: Sendable {
    /// Stages an account, unless another staged account has the same e-mail address.
    ///
    /// - Returns: The position of the other account with the same address, compared by
    ///   `Account.addressKey`; `nil` if `account` has been staged.
    func stage(_ account: ImportedAccount, from place: ImportPlace) throws -> ImportPlace?
    /// Stages a person, unless another staged person has the same ID.
    ///
    /// - Returns: The position of the other person with the same ID; `nil` if `person` has been
    ///   staged.
    func stage(_ person: Person, from place: ImportPlace) throws -> ImportPlace?
    /// Calls the body for each staged account, in the order in which the accounts were staged.
    func eachAccount(_ body: (ImportedAccount, ImportPlace) throws -> Void) throws
    /// Calls the body for each staged person, in the order of their IDs.
    func forEachPerson(_ body: (Person, ImportPlace) throws -> Void) throws
}

public import Directory

/// Where accounts and people wait until all are there and move into a store together.
public protocol Staging: Sendable {
    /// Stages an account.
    ///
    /// - Returns: The place of the account that has its address, without regard to ASCII case;
    ///   `nil` where there is none, and then it is staged.
    func stage(_ account: ImportedAccount, from place: ImportPlace) throws -> ImportPlace?
    /// Stages a person.
    ///
    /// - Returns: The place of the person that has its number; `nil` where there is none, and then
    ///   it is staged.
    func stage(_ person: Person, from place: ImportPlace) throws -> ImportPlace?
    /// Calls the body for each account, in the order in which they were staged.
    func eachAccount(_ body: (ImportedAccount, ImportPlace) throws -> Void) throws
    /// Calls the body for each person, in the order of their numbers.
    func forEachPerson(_ body: (Person, ImportPlace) throws -> Void) throws
}

/// Where a file has an account or a person.
public struct ImportPlace: Equatable, Sendable {
    /// The line on which it begins, counted from 1.
    public let line: Int
    /// Which one it is, counted from 1; `nil` where the line tells as much.
    public let record: Int?

    /// Makes a place.
    public init(line: Int, record: Int? = nil) {
        self.line = line
        self.record = record
    }
}

import Directory

/// Imports accounts and people from another system, either all of them or none.
///
/// The records are staged one by one while the import files are read, which may take a long time.
/// After that, all records are added to the store in one short transaction. The owners of imported
/// accounts keep their passwords.
public struct Imports: Sendable {
    private let store: any Store
    private let staging: any Staging

    /// Creates an import of the records in `staging` into a store.
    public init(store: any Store, staging: any Staging) {
        self.store = store
        self.staging = staging
    }

    /// A staged account or person that the store already has.
    public enum Conflict: Error, Equatable, Sendable {
        /// The store already has an account with the e-mail address of the record at this place.
        case account(ImportPlace)
        /// The store already has a person with the ID of the record at this place.
        case person(ImportPlace)
    }

    /// Returns a conflict for each staged record that the store already has, accounts first.
    public func conflicts() async throws -> [Conflict] {
        try await store.read { rows in
            var conflicts: [Conflict] = []
            try staging.eachAccount { account, place in
                guard try rows.account(email: account.email) != nil else { return }
                conflicts.append(.account(place))
            }
            try staging.forEachPerson { person, place in
                guard try rows.person(id: person.id) != nil else { return }
                conflicts.append(.person(place))
            }
            return conflicts
        }
    }

    /// Adds all staged records to the store, and records an event for each account and one event
    /// with the number of accounts.
    ///
    /// - Throws: The first `Conflict`, `AuthError.busy`, or an error thrown by the store; in all
    ///   these cases, nothing is added.
    public func moveIn(by actor: Event.Actor, at now: Timestamp) async throws {
        try await store.write { rows in
            var count = 0
            try staging.eachAccount { account, place in
                do {
                    try rows.add(account, by: actor, at: now)
                    count += 1
                } catch AuthError.emailTaken {
                    throw Conflict.account(place)
                }
            }
            if count > 0 {
                try rows.record(
                    Event(.added, by: actor, at: now, detail: "\(count) accounts, imported"))
            }
            try staging.forEachPerson { person, place in
                guard try rows.addPerson(person) else { throw Conflict.person(place) }
            }
        }
    }
}

extension WritableRows {
    fileprivate func add(
        _ imported: ImportedAccount, by actor: Event.Actor, at now: Timestamp
    ) throws {
        var account = try addAccount(
            email: imported.email, passwordHash: imported.passwordHash, role: imported.role,
            createdAt: imported.createdAt ?? now)
        try record(
            Event(
                .imported, by: actor, at: now, account: account.id,
                detail: account.role.rawValue))
        guard imported.isDisabled else { return }
        try setDisabled(true, of: &account, by: Author(actor), at: now)
        try updateAccount(account)
    }
}

import Directory

/// Imports accounts and people from another system: all of them, or none.
///
/// They are staged one by one while their files are read, which may take long, and then added to
/// the store in one short transaction. Their owners keep their passwords.
public struct Imports: Sendable {
    private let store: any Store
    private let staging: any Staging

    /// Creates the rules for a store.
    public init(store: any Store, staging: any Staging) {
        self.store = store
        self.staging = staging
    }

    /// An account or a person that the store already has.
    public enum Conflict: Error, Equatable, Sendable {
        /// An account with this e-mail address exists.
        case account(ImportPlace)
        /// A person with this number exists.
        case person(ImportPlace)
    }

    /// The accounts and people that the store already has, accounts first.
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

    /// Adds everything that is staged to the store, each account with its event.
    ///
    /// - Throws: The first `Conflict`, `AuthError.busy` or the store's own error; then nothing is
    ///   added.
    public func moveIn(by actor: Event.Actor, at now: Timestamp) async throws {
        try await store.write { rows in
            try staging.eachAccount { account, place in
                do {
                    try rows.add(account, by: actor, at: now)
                } catch AuthError.emailTaken {
                    throw Conflict.account(place)
                }
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
                .added, by: actor, at: now, account: account.id,
                detail: "\(account.role.rawValue), imported"))
        guard imported.isDisabled else { return }
        try setDisabled(true, of: &account, by: Author(actor), at: now)
        try updateAccount(account)
    }
}

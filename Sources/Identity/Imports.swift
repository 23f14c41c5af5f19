import Directory

/// Moving accounts and people in from another system: all of them, or none.
///
/// They are staged one after the other while their files are read, which may take its time, and
/// moved in together by one short transaction. Who was not changed on the way logs in with the
/// password of before.
public struct Imports: Sendable {
    private let store: any Store
    private let staging: any Staging

    /// Makes the rules of a store.
    public init(store: any Store, staging: any Staging) {
        self.store = store
        self.staging = staging
    }

    /// An account or a person that the store has already.
    public enum Conflict: Error, Equatable, Sendable {
        /// An account of that e-mail address exists.
        case account(ImportPlace)
        /// A person of that number exists.
        case person(ImportPlace)
    }

    /// Whom the store has already, accounts first.
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

    /// Moves all that is staged into the store, each account with its event.
    ///
    /// - Throws: The first `Conflict`, `AuthError.busy` or a fault, and then nobody is moved.
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

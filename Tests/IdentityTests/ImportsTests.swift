import Directory
import Identity
import SQLiteStore
import Testing

struct ImportsTests {
    private let jane = ImportedAccount(
        email: "jane@example.de",
        passwordHash: "$2y$04$.xTnSiE4.inEBrzxVkV4PuIJhz7IwhYQ1cAmjTW5EqgfOVTtc6ps6", role: .admin,
        createdAt: Timestamp(seconds: 1_700_000_000))
    private let jim = ImportedAccount(
        email: "Jim@example.com",
        passwordHash: "$2a$04$.xTnSiE4.inEBrzxVkV4PuIJhz7IwhYQ1cAmjTW5EqgfOVTtc6ps6", role: .user,
        isDisabled: true)

    @Test func `an imported account logs in with its old password, in any domain`()
        async throws
    {
        let rules = try Rules()
        let imports = try rules.imports(accounts: [jane])
        #expect(try await imports.conflicts() == [])
        try await imports.moveIn(by: .operator, at: .start)

        let account = try await rules.accounts.find(email: "JANE@example.de")
        #expect(account.role == .admin && account.createdAt == jane.createdAt)
        _ = try await rules.sessions.logIn(
            username: jane.email, password: "John@123", at: .start)
        await #expect(throws: AuthError.wrongCredentials) {
            try await rules.sessions.logIn(
                username: jane.email, password: "John@124", at: .start)
        }
    }

    @Test func `each account has its own events`() async throws {
        let rules = try Rules()
        try await rules.imports(accounts: [jane, jim]).moveIn(by: .operator, at: .start)

        let accounts = try await rules.accounts.list()
        #expect(accounts.map(\.isDisabled) == [false, true])
        #expect(accounts.map(\.createdAt) == [jane.createdAt, .start])
        let events = try await rules.accounts.events(
            Event.Filter(kinds: Event.Kind.allCases, limit: 10))
        #expect(events.map(\.kind) == [.imported, .imported, .disabled, .added])
        #expect(events.map(\.detail) == ["admin", "user", "", "2 accounts, imported"])
        #expect(events.allSatisfy { $0.actor == .operator && $0.at == .start })
        #expect(events.map(\.accountID) == [1, 2, 2, nil])
    }

    @Test func `an import of many accounts does not hide other events`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        let many = (0..<1_000).map {
            ImportedAccount(
                email: "p\($0)@example.com", passwordHash: "$2b$10$hash", role: .user,
                isDisabled: false, createdAt: nil)
        }
        try await rules.imports(accounts: many).moveIn(by: .operator, at: .start)

        let events = try await rules.accounts.events(Event.Filter(limit: 100))
        #expect(events.map(\.kind) == [.added, .added])
        #expect(events.map(\.detail) == ["user", "1000 accounts, imported"])
        let ofOne = try await rules.accounts.events(Event.Filter(account: 7, limit: 100))
        #expect(ofOne.map(\.kind) == [.imported])
        let all = try await rules.accounts.events(Event.Filter(kinds: [.imported], limit: 2_000))
        #expect(all.count == 1_000)
    }

    @Test func `imported people keep their numbers, and later ones get greater numbers`()
        async throws
    {
        let rules = try Rules()
        let people = [
            Person(id: 70, firstName: "Ada", lastName: "Lovelace"),
            Person(id: 3, firstName: "Grace", lastName: "Hopper"),
        ]
        try await rules.imports(people: people).moveIn(by: .operator, at: .start)

        #expect(try await rules.people.find(3) == people[1])
        #expect(try await rules.people.find(70) == people[0])
        #expect(try await rules.people.add(firstName: "Alan", lastName: "Turing").id == 71)
    }

    @Test func `existing rows are reported, and then nothing is imported`() async throws {
        let rules = try Rules()
        try await rules.accounts.add(
            email: "jim@EXAMPLE.com", password: Rules.password, by: .stranger, now: .start)
        let there = try await rules.people.add(firstName: "Ada", lastName: "Lovelace")
        let imports = try rules.imports(
            accounts: [jane, jim],
            people: [Person(id: 9, firstName: "A", lastName: "B"), there])

        #expect(
            try await imports.conflicts() == [
                .account(ImportPlace(line: 3)), .person(ImportPlace(line: 3)),
            ])
        await #expect(throws: Imports.Conflict.account(ImportPlace(line: 3))) {
            try await imports.moveIn(by: .operator, at: .start)
        }
        #expect(try await rules.accounts.list().count == 1)
        #expect(try await rules.accounts.events(Event.Filter(limit: 10)).count == 1)

        await #expect(throws: Imports.Conflict.person(ImportPlace(line: 2))) {
            try await rules.imports(accounts: [jane], people: [there])
                .moveIn(by: .operator, at: .start)
        }
        #expect(try await rules.accounts.list().count == 1)
        await #expect(throws: DirectoryError.notFound("Person")) { try await rules.people.find(9) }
    }
}

extension Rules {
    /// An import of accounts and people that come from the lines of a file each, the second and on.
    fileprivate func imports(
        accounts: [ImportedAccount] = [], people: [Person] = []
    ) throws -> Imports {
        let staging = try SQLiteStaging()
        for (index, account) in accounts.enumerated() {
            #expect(try staging.stage(account, from: ImportPlace(line: index + 2)) == nil)
        }
        for (index, person) in people.enumerated() {
            #expect(try staging.stage(person, from: ImportPlace(line: index + 2)) == nil)
        }
        return Imports(store: store, staging: staging)
    }
}

import Directory
import Identity
import SQLiteStore
import Testing

struct SQLiteStagingTests {
    private let staging: SQLiteStaging
    private let here = ImportPlace(line: 2)
    private let there = ImportPlace(line: 9, record: 4)

    init() throws { staging = try SQLiteStaging() }

    @Test func `accounts are read as they were staged, in that order`() throws {
        let accounts = [
            ImportedAccount(email: "z@example.com", passwordHash: "$2b$1", role: .user),
            ImportedAccount(
                email: "A@example.com", passwordHash: "$2b$2", role: .admin, isDisabled: true,
                createdAt: Timestamp(milliseconds: 1_700_000_000_123)),
        ]
        #expect(try staging.stage(accounts[0], from: here) == nil)
        #expect(try staging.stage(accounts[1], from: there) == nil)

        var found: [ImportedAccount] = []
        var places: [ImportPlace] = []
        try staging.eachAccount { account, place in
            found.append(account)
            places.append(place)
        }
        #expect(found == accounts)
        #expect(places == [here, there])
    }

    @Test func `people are read in the order of their numbers`() throws {
        let people = [
            Person(id: 70, firstName: "a\u{0}b", lastName: "Żółw"),
            Person(id: 3, firstName: "👩‍👩‍👧", lastName: "e\u{301}"),
        ]
        for person in people { #expect(try staging.stage(person, from: here) == nil) }

        var found: [Person] = []
        try staging.forEachPerson { person, _ in found.append(person) }
        #expect(found == people.reversed())
    }

    @Test
    func `of two with the same address or number, the first is staged and its place returned`()
        throws
    {
        let jane = ImportedAccount(email: "jane@example.com", passwordHash: "$2b$1", role: .user)
        let other = ImportedAccount(email: "JANE@Example.com", passwordHash: "$2b$2", role: .admin)
        let ada = Person(id: 3, firstName: "Ada", lastName: "Lovelace")
        #expect(try staging.stage(jane, from: there) == nil)
        #expect(try staging.stage(ada, from: there) == nil)

        #expect(try staging.stage(other, from: here) == there)
        #expect(
            try staging.stage(Person(id: 3, firstName: "A", lastName: "B"), from: here) == there)

        var count = 0
        try staging.eachAccount { account, _ in
            #expect(account == jane)
            count += 1
        }
        try staging.forEachPerson { person, _ in
            #expect(person == ada)
            count += 1
        }
        #expect(count == 2)
    }
}

import Directory
import Testing
import Text

struct PeopleTests {
    @Test func `a person can be added, found, renamed and removed`() async throws {
        let store = try TemporaryStore()
        let people = store.people

        let added = try await people.add(firstName: "Ada", lastName: "King")
        try await people.rename(added.id, firstName: nil, lastName: "Lovelace")

        #expect(
            try await people.find(added.id)
                == Person(id: added.id, firstName: "Ada", lastName: "Lovelace"))
        try await people.rename(added.id, firstName: "Augusta", lastName: nil)
        #expect(try await people.find(added.id).lastName == "Lovelace")
        try await people.remove(added.id)
        await #expect(throws: DirectoryError.notFound("Person")) { try await people.find(added.id) }
        await #expect(throws: DirectoryError.notFound("Person")) {
            try await people.remove(added.id)
        }
        await #expect(throws: DirectoryError.notFound("Person")) {
            try await people.rename(added.id, firstName: "x", lastName: nil)
        }
    }

    @Test func `people are listed by number, with their names as UTF-8`()
        async throws
    {
        let store = try TemporaryStore()
        let people = store.people
        for name in ["Ä", "b\0c", "😀"] { _ = try await people.add(firstName: name, lastName: "x") }

        let names = try await people.reduce(into: [String]()) { names, id, first, _ in
            var bytes: [UInt8] = []
            for index in first.indices { bytes.append(first[index]) }
            names.append("\(id) \(String(decoding: bytes, as: UTF8.self))")
        }

        #expect(names == ["1 Ä", "2 b\0c", "3 😀"])
    }

    @Test(arguments: [
        ("", TextRule.Violation.empty(field: "firstName")),
        (String(repeating: "😀", count: 16), .tooLong(field: "firstName", maximum: 30)),
    ])
    func `a name is neither empty nor too long`(
        name: String, violation: TextRule.Violation
    ) async throws {
        let store = try TemporaryStore()
        let people = store.people

        await #expect(throws: DirectoryError.invalid([violation])) {
            try await people.add(firstName: name, lastName: String(repeating: "😀", count: 15))
        }
    }
}

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

        let (names, last) = try await people.slice(after: nil, into: [String]()) {
            names, id, first, _ in
            names.append("\(id) \(String(copying: first))")
            return true
        }

        #expect(names == ["1 Ä", "2 b\0c", "3 😀"])
        #expect(last == nil)
    }

    @Test func `the slices of a list that changes have everyone who stays exactly once`()
        async throws
    {
        let store = try TemporaryStore()
        let people = store.people
        for number in 1...20 { _ = try await people.add(firstName: "\(number)", lastName: "x") }

        var ids: [Person.ID] = []
        var last: Person.ID?
        repeat {
            let slice = try await people.slice(after: last, into: [Person.ID]()) {
                ids, id, _, _ in
                ids.append(id)
                return ids.count < 3
            }
            ids += slice.result
            last = slice.last
            if let last {
                // Someone behind and someone ahead of the list is removed, and someone is added.
                try? await people.remove(last - 1)
                try? await people.remove(last + 2)
                _ = try await people.add(firstName: "new", lastName: "x")
            }
        } while last != nil && ids.count < 100

        #expect(ids == ids.sorted() && Set(ids).count == ids.count)
        let left = try await people.slice(after: nil, into: [Person.ID]()) { ids, id, _, _ in
            ids.append(id)
            return true
        }
        #expect(Set(ids).isSuperset(of: left.result.filter { $0 <= 20 }))
        #expect(ids.contains { $0 > 20 })
    }

    @Test func `no more people can be added than the limit allows`() async throws {
        let store = try TemporaryStore()
        let people = People(store: store.store, maximum: 3)
        for _ in 0..<3 { _ = try await people.add(firstName: "Ada", lastName: "King") }

        await #expect(throws: DirectoryError.full("Person", maximum: 3)) {
            try await people.add(firstName: "Ada", lastName: "King")
        }
        try await people.rename(1, firstName: "Eve", lastName: nil)
        try await people.remove(1)
        let added = try await people.add(firstName: "Ada", lastName: "King")
        #expect(added.id == 4)
    }

    @Test func `people who are added at once do not exceed the limit`() async throws {
        let store = try TemporaryStore()
        let people = People(store: store.store, maximum: 5)

        let added = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    (try? await people.add(firstName: "Ada", lastName: "King")) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }

        #expect(added == 5)
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

extension String {
    /// A copy of bytes that are UTF-8.
    fileprivate init(copying bytes: Span<UInt8>) {
        self.init(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
}

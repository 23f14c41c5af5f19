import Directory
import Identity
import Testing

/// What every store must do with people.
struct StorePeopleTests {
    @Test(arguments: StoreFactory.all)
    func `people are listed in the order of their numbers`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            #expect(try await store.read { try $0.people() } == [])

            let added = try await store.write { rows in
                [
                    try rows.addPerson(firstName: "Zoë", lastName: "Żółw"),
                    try rows.addPerson(firstName: "Ann", lastName: "李"),
                ]
            }

            #expect(added[0].id < added[1].id)
            #expect(try await store.read { try $0.people() } == added)
            #expect(try await store.read { try $0.person(id: added[1].id) } == added[1])
            #expect(try await store.read { try $0.person(id: .max) } == nil)
        }
    }

    @Test(
        arguments: StoreFactory.all,
        ["a\u{0}b", "\u{0}", "a\u{0}", "'; DROP TABLE people; --", "%_\\", "👩‍👩‍👧", ""])
    func `a name is read back byte for byte`(factory: StoreFactory, name: String) async throws {
        try await factory.withStore { store in
            let added = try await store.write { rows in
                try rows.addPerson(firstName: name, lastName: name)
            }

            let (one, all) = try await store.read { rows in
                (try rows.person(id: added.id), try rows.people())
            }

            #expect(one.map { Array($0.firstName.utf8) } == Array(name.utf8))
            #expect(one.map { Array($0.lastName.utf8) } == Array(name.utf8))
            #expect(all.map { Array($0.firstName.utf8) } == [Array(name.utf8)])
        }
    }

    @Test(arguments: StoreFactory.all)
    func `an update stores both names`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            var ann = try await store.write { try $0.addPerson(firstName: "A", lastName: "B") }
            ann.firstName = "Ann"
            ann.lastName = "Bee"

            try await store.write { [ann] in try $0.updatePerson(ann) }

            #expect(try await store.read { try $0.people() } == [ann])
            await #expect(throws: (any Error).self) {
                try await store.write {
                    try $0.updatePerson(Person(id: 99, firstName: "", lastName: ""))
                }
            }
        }
    }

    @Test(arguments: StoreFactory.all)
    func `a person is removed once, and the number is never used again`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let ann = try await store.write { try $0.addPerson(firstName: "A", lastName: "B") }

            #expect(try await store.write { try $0.removePerson(id: ann.id) })
            #expect(try await store.write { try $0.removePerson(id: ann.id) } == false)

            let bob = try await store.write { try $0.addPerson(firstName: "B", lastName: "C") }
            #expect(bob.id > ann.id)
        }
    }

    @Test(arguments: StoreFactory.all)
    func `a number is assigned once, and later numbers are greater`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let person = Person(id: 70, firstName: "Ann", lastName: "李")
            #expect(try await store.write { try $0.addPerson(person) })
            #expect(
                try await !store.write {
                    try $0.addPerson(Person(id: 70, firstName: "Bo", lastName: "Li"))
                })

            let next = try await store.write {
                try $0.addPerson(firstName: "Cy", lastName: "Li")
            }
            #expect(next.id == 71)
            #expect(try await store.read { try $0.people() } == [person, next])
        }
    }
}

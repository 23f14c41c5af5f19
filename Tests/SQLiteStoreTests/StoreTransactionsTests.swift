import Directory
import Identity
import SplitMix
import Testing

/// What every store must do with transactions.
struct StoreTransactionsTests {
    struct Mishap: Error {}

    @Test(arguments: StoreFactory.all)
    func `a body that throws is rolled back`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            await #expect(throws: Mishap.self) {
                try await store.write { rows in
                    _ = try rows.addPerson(firstName: "A", lastName: "B")
                    _ = try rows.addSampleAccount()
                    throw Mishap()
                }
            }

            try await store.read { (rows) throws in
                #expect(try rows.people() == [])
                #expect(try rows.accounts() == [])
            }
        }
    }

    @Test(arguments: StoreFactory.all)
    func `a body reads its own writes`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            try await store.write { rows in
                let ann = try rows.addPerson(firstName: "A", lastName: "B")
                #expect(try rows.person(id: ann.id) == ann)
                #expect(try rows.removePerson(id: ann.id))
                #expect(try rows.people() == [])
            }
        }
    }

    @Test(arguments: StoreFactory.all)
    func `the next read sees what was written`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            for round in 1...50 {
                _ = try await store.write { try $0.addPerson(firstName: "A", lastName: "B") }
                #expect(try await store.read { try $0.people().count } == round)
            }
        }
    }

    @Test(arguments: StoreFactory.all)
    func `a reading body that throws leaves the store readable`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            _ = try await store.write { try $0.addPerson(firstName: "A", lastName: "B") }

            await #expect(throws: Mishap.self) {
                try await store.read { rows in
                    try rows.forEachPerson { _, _, _ in throw Mishap() }
                }
            }

            _ = try await store.write { try $0.addPerson(firstName: "C", lastName: "D") }
            #expect(try await store.read { try $0.people().count } == 2)
        }
    }

    /// Money that is moved about but never made: every reader must find the same sum.
    @Test(arguments: StoreFactory.all)
    func `concurrent writers lose nothing, and a reader sees one state`(
        factory: StoreFactory
    ) async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("seed \(seed)")
        try await factory.withStore { store in
            let purses = 8
            let sum = 100 * purses
            try await store.write { rows in
                for _ in 0..<purses { _ = try rows.addPerson(firstName: "100", lastName: "") }
            }

            let refused = try await withThrowingTaskGroup(of: Int.self) { group in
                for writer in 0..<16 {
                    group.addTask {
                        var random = SplitMix(state: seed &+ UInt64(writer))
                        var refused = 0
                        for _ in 0..<40 {
                            let from = Int64.random(in: 1...8, using: &random)
                            let to = Int64.random(in: 1...8, using: &random)
                            let isRefused = Bool.random(using: &random)
                            do {
                                try await store.write { rows in
                                    try rows.move(1, from: from, to: to)
                                    if isRefused { throw Mishap() }
                                }
                            } catch is Mishap { refused += 1 }
                            let seen = try await store.read { rows in
                                try (1...8).reduce(0) { $0 + (try rows.amount(of: $1)) }
                            }
                            #expect(seen == sum, "seed \(seed)")
                        }
                        return refused
                    }
                }
                return try await group.reduce(0, +)
            }

            #expect(refused > 0, "seed \(seed)")
        }
    }
}

extension Rows {
    fileprivate func amount(of purse: Person.ID) throws -> Int {
        try #require(try person(id: purse).flatMap { Int($0.firstName) })
    }
}

extension WritableRows {
    fileprivate func move(_ amount: Int, from: Person.ID, to: Person.ID) throws {
        let left = try self.amount(of: from) - amount
        try updatePerson(Person(id: from, firstName: String(left), lastName: ""))
        let more = try self.amount(of: to) + amount
        try updatePerson(Person(id: to, firstName: String(more), lastName: ""))
    }
}

import Identity
import SplitMix
import Testing

/// What every store must do with events.
struct StoreEventsTests {
    @Test(arguments: StoreFactory.all)
    func `events are read completely, in the order in which they happened`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            var happened = [
                Event(
                    .login, by: .owner, at: Timestamp(milliseconds: 1_001), account: 5,
                    session: .max, address: "2001:db8::1", detail: "Firefox on Linux")
            ]
            // The clock goes backwards: the order is that of the writes.
            happened += Event.Kind.allCases.map { Event($0, by: .stranger, at: .sample(0)) }
            happened += Event.Actor.allCases.map { Event(.removed, by: $0, at: .sample(-1)) }

            try await store.write { [happened] in try $0.add(happened) }

            #expect(try await store.read { try $0.allEvents() } == happened)
        }
    }

    @Test(arguments: StoreFactory.all)
    func `an event outlives its account and its session`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            let (ann, login) = try await store.write { rows in
                let ann = try rows.addSampleAccount()
                _ = try rows.addSession(.sample(id: 7, of: ann))
                let login = Event(
                    .login, by: .owner, at: .sample(0), account: ann.id, session: 7)
                try rows.record(login)
                return (ann, login)
            }

            try await store.write { try $0.removeAccount(id: ann.id) }

            let found = try await store.read { rows in
                try rows.events(Event.Filter(account: ann.id, session: 7, limit: 10))
            }
            #expect(found == [login])
        }
    }

    @Test(arguments: StoreFactory.all)
    func `a filter finds the newest events that pass it`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            var random = SplitMix()
            let happened = (0..<200).map { _ in Event.any(using: &random) }
            try await store.write { try $0.add(happened) }

            for _ in 0..<1_000 {
                let filter = Event.Filter.any(using: &random)
                let found = try await store.read { try $0.events(filter) }
                #expect(found == filter.applied(to: happened), "\(filter)")
            }
        }
    }

    @Test(arguments: StoreFactory.all)
    func `a purge deletes events from before the moment, at most its limit at a time`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let happened = (1...6).map { Event(.refresh, by: .owner, at: .sample($0)) }
            try await store.write { try $0.add(happened) }
            let purge: @Sendable (Int64, Int) async throws -> ArraySlice<Event> = { moment, limit in
                try await store.write { rows in
                    try rows.purgeEvents(before: .sample(moment), bound: 100, limit: limit)
                    return try rows.allEvents()[...]
                }
            }

            #expect(try await purge(1, 10) == happened[...])
            #expect(try await purge(5, 0) == happened[...])
            #expect(try await purge(5, -1) == happened[...])
            #expect(try await purge(5, 3) == happened[3...])
            #expect(try await purge(5, 3) == happened[4...])
            #expect(try await purge(5, 3) == happened[4...])
            #expect(try await purge(7, 3) == [])
            #expect(try await purge(7, 3) == [])
        }
    }

    @Test(arguments: StoreFactory.all)
    func `a purge deletes the oldest events beyond the bound, at most its limit at a time`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let happened = (1...8).map { Event(.refresh, by: .owner, at: .sample($0)) }
            try await store.write { try $0.add(happened) }
            let purge: @Sendable (Int, Int) async throws -> ArraySlice<Event> = { bound, limit in
                try await store.write { rows in
                    try rows.purgeEvents(before: .sample(2), bound: bound, limit: limit)
                    return try rows.allEvents()[...]
                }
            }

            // The first is too old, whatever the bound; it counts among those of the limit.
            #expect(try await purge(6, 1) == happened[1...])
            #expect(try await purge(7, 10) == happened[1...])
            #expect(try await purge(5, 10) == happened[3...])
            #expect(try await purge(.max, 10) == happened[3...])
            #expect(try await purge(1, 3) == happened[6...])
            #expect(try await purge(1, 3) == happened[7...])
            #expect(try await purge(0, 3) == [])
        }
    }

    /// As `record` has it: an event comes, and up to four go.
    @Test(arguments: StoreFactory.all)
    func `with a purge after each event there are never more events than the bound`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let happened = (1...300).map { Event(.refresh, by: .owner, at: .sample($0)) }

            try await store.write { rows in
                for (index, event) in happened.enumerated() {
                    try rows.record(event)
                    try rows.purgeEvents(before: .sample(0), bound: 50, limit: 4)
                    let left = try rows.allEvents()
                    #expect(left == happened[...index].suffix(50))
                }
            }
        }
    }
}

extension Rows {
    fileprivate func allEvents() throws -> [Event] {
        try events(Event.Filter(limit: 1_000))
    }
}

extension WritableRows {
    fileprivate func add(_ events: [Event]) throws {
        for event in events { try record(event) }
    }
}

extension Timestamp {
    fileprivate static func sample(_ second: Int64) -> Timestamp { Timestamp(seconds: second) }
}

extension Event {
    fileprivate static func any(using random: inout SplitMix) -> Event {
        Event(
            Kind.allCases.randomElement(using: &random) ?? .login,
            by: Actor.allCases.randomElement(using: &random) ?? .owner,
            at: .sample(.random(in: 1...50, using: &random)),
            account: [nil, 1, 2, 3].randomElement(using: &random) ?? nil,
            session: [nil, 7, 8, .max].randomElement(using: &random) ?? nil)
    }
}

extension Event.Filter {
    fileprivate static func any(using random: inout SplitMix) -> Event.Filter {
        let kinds = Event.Kind.allCases.filter { _ in Bool.random(using: &random) }
        return Event.Filter(
            kinds: Bool.random(using: &random) ? kinds : nil,
            account: [nil, 1, 2, 4].randomElement(using: &random) ?? nil,
            session: [nil, 7, 8, .max].randomElement(using: &random) ?? nil,
            since: Bool.random(using: &random)
                ? .sample(.random(in: 0...51, using: &random)) : nil,
            limit: .random(in: -1...60, using: &random))
    }

    /// A plain statement of the filter.
    fileprivate func applied(to events: [Event]) -> [Event] {
        events.filter { event in
            (kinds?.contains(event.kind) ?? true)
                && (accountID == nil || accountID == event.accountID)
                && (sessionID == nil || sessionID == event.sessionID)
                && since.map { event.at.milliseconds >= $0.milliseconds } ?? true
        }.suffix(max(limit, 0))
    }
}

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
                    try rows.purgeEvents(before: .sample(moment), limit: limit)
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
    func `a purge of a kind deletes its oldest events beyond the bound, and no others`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let happened = (Int64(1)...16).map { number -> Event in
                let kind: Event.Kind = number % 2 == 0 ? .login : .reuse
                return Event(kind, by: .owner, at: .sample(number))
            }
            let logins = happened.filter { $0.kind == .login }
            try await store.write { try $0.add(happened) }
            let purge: @Sendable (Int, Int) async throws -> ArraySlice<Event> = { bound, limit in
                try await store.write { rows in
                    try rows.purgeEvents(of: .login, keeping: bound, limit: limit)
                    let left = try rows.allEvents()
                    let reuses = left.filter { $0.kind == .reuse }
                    #expect(reuses.count == 8)
                    return left.filter { $0.kind == .login }[...]
                }
            }

            #expect(try await purge(8, 10) == logins[...])
            #expect(try await purge(.max, 10) == logins[...])
            #expect(try await purge(0, 0) == logins[...])
            #expect(try await purge(0, -1) == logins[...])
            #expect(try await purge(6, 1) == logins[1...])
            #expect(try await purge(6, 10) == logins[2...])
            #expect(try await purge(1, 3) == logins[5...])
            #expect(try await purge(-1, 10) == [])
        }
    }

    @Test(arguments: StoreFactory.all)
    func `the refreshes of a session or an account beyond a bound are found and deleted`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            var happened: [Event] = []
            for number in Int64(1)...30 {
                let kind: Event.Kind = number % 5 == 0 ? .login : .refresh
                happened.append(
                    Event(
                        kind, by: .owner, at: .sample(number), account: number % 2,
                        session: 7 + number % 3))
            }
            let refreshes = happened.filter { $0.kind == .refresh }
            try await store.write { [happened] in try $0.add(happened) }

            try await store.read { rows in
                let many = try rows.sessions(withMoreRefreshesThan: 7, limit: 10)
                #expect(many.sorted() == [7, 8, 9])
                #expect(try rows.sessions(withMoreRefreshesThan: 8, limit: 10) == [])
                #expect(try rows.sessions(withMoreRefreshesThan: 7, limit: 2).count == 2)
                let busy = try rows.accounts(withMoreThan: 11, of: .refresh, limit: 10)
                #expect(busy.sorted() == [0, 1])
                #expect(try rows.accounts(withMoreThan: 12, of: .refresh, limit: 10) == [])
                #expect(try rows.accounts(withMoreThan: 2, of: .login, limit: 1).count == 1)
                #expect(try rows.accounts(withMoreThan: 3, of: .login, limit: 10) == [])
            }

            let purged = try await store.write { rows in
                [
                    try rows.purgeRefreshes(ofSession: 8, keeping: 5, limit: 2),
                    try rows.purgeRefreshes(ofSession: 8, keeping: 5, limit: 2),
                    try rows.purgeRefreshes(ofSession: 8, keeping: 5, limit: 2),
                    try rows.purgeEvents(of: .refresh, ofAccount: 99, keeping: 0, limit: 9),
                ]
            }
            #expect(purged == [2, 1, 0, 0])
            let deleted = refreshes.filter { $0.sessionID == 8 }.prefix(3)
            let left = refreshes.filter { !deleted.contains($0) }
            let rest = try await store.read { try $0.allEvents() }
            let logins = rest.filter { $0.kind == .login }
            #expect(logins.count == 6)
            #expect(
                rest.filter { $0.kind == .refresh } == left)

            _ = try await store.write {
                try $0.purgeEvents(of: .refresh, ofAccount: 1, keeping: 2, limit: 100)
            }
            let kept = try await store.read { rows in
                try rows.events(Event.Filter(kinds: [.refresh], account: 1, limit: 100))
            }
            #expect(kept == rest.filter { $0.kind == .refresh && $0.accountID == 1 }.suffix(2))
            let others = try await store.read { try $0.allEvents() }
                .filter { $0.kind != .refresh || $0.accountID != 1 }
            #expect(others == rest.filter { $0.kind != .refresh || $0.accountID != 1 })
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

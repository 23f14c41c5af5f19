import Identity
import SQLiteStore
import SplitMix
import Testing

/// What finds accounts by their addresses, on a real store.
struct AccountsByAddressTests {
    private static let parts = [
        "a", "A", "ab", "aB", "zoë", "zoE", "Zo", "Ä", "李", "אבג", "😀", "_", "%", "*", "?", "[",
        "`", "{", "~", "+", "'", "x_", "x@", "\u{10FFFF}", "\u{D7FF}", "\u{E000}",
        "e\(String(repeating: "\u{301}", count: 29))", ".a", "-ab", "+zo", "_a_a",
    ]
    private static let prefixes =
        parts + [
            "", "nobody", "e", "example", "com", "COM.", "a@", "A@", "x_@", "a%", "a*", "x@EXAMPLE",
        ]

    @Test func `every page of a changing list has each account once and in order`() async throws {
        var random = SplitMix()
        for _ in 0..<40 { try await walk(&random) }
    }

    private func walk(_ random: inout SplitMix) async throws {
        let rules = try Rules()
        for _ in 0..<Int.random(in: 0...60, using: &random) { try await rules.add(some(&random)) }
        let prefix = Self.prefixes.randomElement(using: &random) ?? ""
        let before = try await rules.accounts.list()
        var untouched = Set(before.map(\.id))
        var seen: [Account] = []
        var cursor: String?
        repeat {
            let limit = Int.random(in: 1...9, using: &random)
            let query = try #require(AddressQuery(prefix: prefix, after: cursor, limit: limit))
            let page = try await rules.accounts.page(of: query)
            #expect(page.accounts.count <= limit)
            seen += page.accounts
            try #require(seen.count < 1000, "it does not end: \(prefix)")
            cursor = page.next?.text
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                if Bool.random(using: &random),
                    let id = untouched.sorted().randomElement(using: &random)
                {
                    untouched.remove(id)
                    try await rules.store.write { try $0.removeAccount(id: id) }
                } else {
                    try await rules.add(some(&random))
                }
            }
        } while cursor != nil

        let places = seen.map { Place(of: $0, under: prefix.folded) }
        #expect(places.allSatisfy { $0 != nil }, "\(prefix)")
        let found = places.compactMap(\.self)
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.precedes($1) }, "\(prefix)")
        let expected = before.filter { untouched.contains($0.id) }
            .compactMap { Place(of: $0, under: prefix.folded) }
            .sorted { $0.precedes($1) }
        #expect(
            seen.map(\.id).filter(untouched.contains) == expected.map(\.id), "\(prefix)")
    }

    private func some(_ random: inout SplitMix) -> String {
        let parts = (0..<Int.random(in: 1...3, using: &random)).compactMap { _ in
            Self.parts.randomElement(using: &random)
        }
        return "\(parts.joined())@Example.com"
    }

    @Test func `the prefix that ends with an at sign does not match letters`() async throws {
        let rules = try Rules()
        for email in ["jo@b.com", "jo_b@b.com", "jo[b@b.com", "jo`b@b.com", "joa@b.com"] {
            try await rules.add(email)
        }
        let query = try #require(AddressQuery(prefix: "JO@", after: nil, limit: 9))

        #expect(try await rules.accounts.page(of: query).accounts.map(\.email) == ["jo@b.com"])
    }

    @Test func `a page costs the same among many accounts`() async throws {
        let rules = try Rules()
        let query = try #require(AddressQuery(prefix: "match-0", after: nil, limit: 10))
        func fastest() async throws -> Duration {
            var fastest = Duration.seconds(60)
            for _ in 0..<30 {
                let clock = ContinuousClock()
                let start = clock.now
                #expect(try await rules.accounts.page(of: query).accounts.count == 10)
                fastest = min(fastest, start.duration(to: clock.now))
            }
            return fastest
        }
        try await rules.add((0..<100).map { "match-\($0 / 50)\($0)@example.com" })
        let among100 = try await fastest()

        try await rules.add(
            (0..<30_000).map { "\(["before", "person"][$0 % 2])-\($0)@example.com" })

        // The index is a level or two deeper; a look at all of them would be 300 times the work.
        let among30100 = try await fastest()
        print("a page among 100: \(among100), among 30,100: \(among30100)")
        #expect(among30100 < among100 * 5)
    }
}

/// Where an account is in the results of a search, by the definition, not by the store.
private struct Place {
    let isWord: Bool
    let key: [UInt8]
    let id: Account.ID

    init?(of account: Account, under prefix: [UInt8]) {
        id = account.id
        let address = account.email.folded
        if address.starts(with: prefix) {
            isWord = false
            key = address
            return
        }
        let isWordByte = { (byte: UInt8) in
            byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
        }
        let words = address.indices.dropFirst()
            .filter { isWordByte(address[$0]) && !isWordByte(address[$0 - 1]) }
            .map { Array(address[$0...]) }.filter { $0.starts(with: prefix) }
        guard let first = words.min(by: { $0.lexicographicallyPrecedes($1) }) else { return nil }
        isWord = true
        key = first
    }

    func precedes(_ other: Place) -> Bool {
        if isWord != other.isWord { return !isWord }
        if key != other.key { return key.lexicographicallyPrecedes(other.key) }
        return id < other.id
    }
}

extension Rules {
    /// Adds accounts with nothing but an address, whatever it is; some may be there already.
    fileprivate func add(_ emails: [String]) async throws {
        try await store.write { rows in
            for email in emails where try rows.account(email: email) == nil {
                _ = try rows.addAccount(
                    email: email, passwordHash: "$2b$10$hash", role: .user, createdAt: .start)
            }
        }
    }

    fileprivate func add(_ email: String) async throws { try await add([email]) }
}

extension String {
    fileprivate var folded: [UInt8] {
        utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    }
}

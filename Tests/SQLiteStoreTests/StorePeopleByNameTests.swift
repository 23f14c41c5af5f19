import Directory
import Identity
import SplitMix
import Testing

@testable import SQLiteStore

/// What a store must do with people by name.
struct StorePeopleByNameTests {
    private static let names = [
        "a", "A", "ab", "aB", "Zoë", "zoE", "Ä", "李", "אבג", "😀", "a b", " ", "\u{10FFFF}",
        "e\(String(repeating: "\u{301}", count: 29))", "a\u{0}b", "a\u{0}c", "\u{D7FF}", "\u{E000}",
        "@", "[", "x a", "ab-a a", "O\u{2019}A", "a\u{3000}ab\u{B7}a", "b\u{0}a z", "z\u{A0}李 😀",
        "aa aab aabb", "<img src=x onerror=alert(1)>", "%", "_",
    ]

    @Test(arguments: StoreFactory.all)
    func `every page of a changing list has each person once and in order`(
        factory: StoreFactory
    ) async throws {
        var random = SplitMix()
        for _ in 0..<20 {
            try await factory.withStore { [start = random.next()] store in
                var random = SplitMix(state: start)
                try await walk(store, &random)
            }
        }
    }

    private func walk(_ store: any Store, _ random: inout SplitMix) async throws {
        let people = People(store: store)
        for _ in 0..<Int.random(in: 0...60, using: &random) { try await add(people, &random) }
        let prefix =
            [
                "", "a", "A", "ab", "z", "zoë", "李", "\u{10FFFF}", "a b", "a a", "\u{D7FF}", "@",
                " ",
                "A\u{0}B", "nobody", "aa", "a z", "😀",
            ].randomElement(using: &random) ?? ""
        let before = try await store.read { try $0.people() }
        var untouched = Set(before.map(\.id))
        var seen: [Person] = []
        var cursor: String?
        repeat {
            let limit = Int.random(in: 1...9, using: &random)
            let query = try #require(PeopleQuery(prefix: prefix, after: cursor, limit: limit))
            let page = try await people.page(of: query, into: [Person]()) {
                $0.append(Person(id: $1, firstName: String($2), lastName: String($3)))
            }
            #expect(page.result.count <= limit)
            seen += page.result
            cursor = page.next?.text
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                try await change(people, before, &untouched, &random)
            }
        } while cursor != nil

        let ids = Set(seen.map(\.id))
        #expect(ids.count == seen.count || untouched.count < before.count)
        let expected = before.filter { untouched.contains($0.id) }.compactMap { person in
            person.place(under: prefix.folded).map { (person.id, $0) }
        }
        .sorted { $0.1.precedes($1.1) }.map(\.0)
        #expect(seen.map(\.id).filter(untouched.contains) == expected, "\(prefix)")
    }

    private func add(_ people: People, _ random: inout SplitMix) async throws {
        let first = Self.names.randomElement(using: &random) ?? ""
        let last = Self.names.randomElement(using: &random) ?? ""
        _ = try await people.add(firstName: first, lastName: last)
    }

    private func change(
        _ people: People, _ before: [Person], _ untouched: inout Set<Person.ID>,
        _ random: inout SplitMix
    ) async throws {
        guard Bool.random(using: &random), let person = before.randomElement(using: &random),
            untouched.contains(person.id)
        else { return try await add(people, &random) }
        untouched.remove(person.id)
        if Bool.random(using: &random) {
            try await people.remove(person.id)
        } else {
            let name = Self.names.randomElement(using: &random) ?? ""
            try await people.rename(person.id, firstName: name, lastName: nil)
        }
    }
}

/// Where a person is in a list, by the definition, not by the store.
private struct Place {
    let section: Int
    let key: [UInt8]
    let id: Person.ID

    func precedes(_ other: Place) -> Bool {
        if section != other.section { return section < other.section }
        if key != other.key { return key.lexicographicallyPrecedes(other.key) }
        return id < other.id
    }
}

extension Person {
    fileprivate func place(under prefix: [UInt8]) -> Place? {
        let sections = [
            ["\(lastName) \(firstName)".folded], ["\(firstName) \(lastName)".folded],
            lastName.laterWords.map { "\($0) \(firstName)".folded },
            firstName.laterWords.map { "\($0) \(lastName)".folded },
        ]
        for (section, keys) in sections.enumerated() {
            let found = keys.filter { $0.starts(with: prefix) }
                .min { $0.lexicographicallyPrecedes($1) }
            if let found { return Place(section: section, key: found, id: id) }
        }
        return nil
    }
}

extension String {
    /// The rest of the string from each word on, except the first.
    fileprivate var laterWords: [String] {
        let others =
            "\u{A0}\u{B7}\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2015}\u{2018}\u{2019}"
            .unicodeScalars + "\u{3000}\u{30FB}".unicodeScalars
        func isMark(_ scalar: Unicode.Scalar) -> Bool {
            scalar.isASCII && !("0"..."9").contains(scalar) && !("A"..."Z").contains(scalar)
                && !("a"..."z").contains(scalar)
        }
        let scalars = Array(unicodeScalars)
        return scalars.indices.dropFirst().filter { index in
            let previous = scalars[index - 1]
            return !isMark(scalars[index]) && (isMark(previous) || others.contains(previous))
        }.map { String(String.UnicodeScalarView(scalars[$0...])) }
    }

    fileprivate var folded: [UInt8] {
        utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
    }
}

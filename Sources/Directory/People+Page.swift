import Text

extension People {
    /// Combines one page of the people who are found by a prefix into a result.
    ///
    /// People whose `Last First` begins with the prefix come first, followed by people whose
    /// `First Last` does, by people who are found by a later word of the last name, and by people
    /// who are found by a later word of the first name. Each of these four groups is sorted by the
    /// keys that were found. A page reads `limit` keys, so its cost does not depend on the number
    /// of people or their names. A person who was already found by an earlier key is skipped. So a
    /// page may contain fewer people than `limit`, or none, although more pages follow.
    ///
    /// - Parameters:
    ///   - query: The prefix, the position and the size of the page.
    ///   - initial: The value to start with.
    ///   - add: Called with each person's ID and names; the names are valid only during the call.
    /// - Returns: The result, and the position of the next page, which is `nil` after the last
    ///   page.
    /// - Throws: Any error thrown by the store.
    public func page<Result: Sendable>(
        of query: PeopleQuery, into initial: Result,
        _ add:
            @escaping @Sendable (
                inout Result, Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>
            ) -> Void
    ) async throws -> (result: Result, next: PeopleCursor?) {
        try await store.read { rows in
            var result = initial
            var left = query.limit
            var last = query.cursor
            for range in query.ranges {
                var next: PeopleCursor?
                if last.order != range.order {
                    last = PeopleCursor(before: query.prefix, in: range.order)
                }
                // Read one row more than the page holds, to see whether another page follows.
                try rows.forEachPerson(in: range, limit: left + 1) {
                    id, firstName, lastName, key in
                    guard left > 0 else {
                        next = last
                        return
                    }
                    left -= 1
                    if left == 0 {
                        last = PeopleCursor(range.order, key: String(copying: key), id: id)
                    }
                    if !wasListed(in: range.order, at: key, firstName, lastName, query.prefix) {
                        add(&result, id, firstName, lastName)
                    }
                }
                if let next { return (result, next) }
            }
            return (result, nil)
        }
    }
}

/// Returns whether a person found by a key has already been listed because of an earlier key.
private func wasListed(
    in order: NameOrder, at key: Span<UInt8>, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>,
    _ prefix: String
) -> Bool {
    if order == .lastNameFirst { return false }
    if begins(lastName, firstName, with: prefix) { return true }
    if order == .firstNameFirst { return false }
    if begins(firstName, lastName, with: prefix) { return true }
    if order == .lastNameWord { return hasWord(lastName, firstName, with: prefix, before: key) }
    return hasWord(lastName, firstName, with: prefix)
        || hasWord(firstName, lastName, with: prefix, before: key)
}

/// Returns whether one of the keys for the later words of a name begins with a prefix.
private func hasWord(
    _ name: Span<UInt8>, _ other: Span<UInt8>, with prefix: String
) -> Bool {
    for index in name.indices where name.beginsWord(at: index) {
        if begins(name.extracting(index..<name.count), other, with: prefix) { return true }
    }
    return false
}

/// Returns whether one of the keys for the later words of a name begins with a prefix and sorts
/// before another key.
private func hasWord(
    _ name: Span<UInt8>, _ other: Span<UInt8>, with prefix: String, before key: Span<UInt8>
) -> Bool {
    for index in name.indices where name.beginsWord(at: index) {
        let rest = name.extracting(index..<name.count)
        if begins(rest, other, with: prefix), precedes(rest, other, key) { return true }
    }
    return false
}

/// Returns whether two names, joined by a space and converted to lower case, begin with a prefix.
private func begins(
    _ first: Span<UInt8>, _ second: Span<UInt8>, with prefix: String
) -> Bool {
    let prefix = prefix.utf8.span
    guard prefix.count <= first.count + 1 + second.count else { return false }
    for index in prefix.indices where joined(first, second, at: index) != prefix[index] {
        return false
    }
    return true
}

/// Returns whether two names, joined by a space and converted to lower case, sort before a key.
private func precedes(
    _ first: Span<UInt8>, _ second: Span<UInt8>, _ key: Span<UInt8>
) -> Bool {
    let count = first.count + 1 + second.count
    for index in 0..<min(count, key.count) {
        let byte = joined(first, second, at: index)
        if byte != key[index] { return byte < key[index] }
    }
    return count < key.count
}

/// The byte at an index of two names that are joined by a space and converted to lower case.
private func joined(_ first: Span<UInt8>, _ second: Span<UInt8>, at index: Int) -> UInt8 {
    if index < first.count {
        first[index].asciiLowercased
    } else if index == first.count {
        UInt8(ascii: " ")
    } else {
        second[index - first.count - 1].asciiLowercased
    }
}

extension String {
    /// A copy of bytes that are UTF-8.
    fileprivate init(copying bytes: Span<UInt8>) {
        self.init(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
}

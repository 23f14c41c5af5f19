import Text

extension People {
    /// Combines one page of the people whose whole name begins with a prefix into a result.
    ///
    /// People whose `Last First` begins with the prefix come first, sorted in that order. People of
    /// whom only `First Last` begins with the prefix follow, sorted in that order. A page reads
    /// `limit` rows, so its cost does not depend on the number of people or their names. A person
    /// who was found by the last name is skipped when found again by the first name. So a page may
    /// contain fewer people than `limit`, or none, although more pages follow.
    ///
    /// - Parameters:
    ///   - query: The prefix, the position and the size of the page.
    ///   - initial: The value to start with.
    ///   - add: Called with each person's ID and names; the names are valid only during the call.
    /// - Returns: The result, and the position of the next page; `nil` after the last page.
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
                try rows.forEachPerson(in: range, limit: left + 1) { id, firstName, lastName in
                    guard left > 0 else {
                        next = last
                        return
                    }
                    left -= 1
                    if left == 0 {
                        last = PeopleCursor(range.order, id, firstName, lastName)
                    }
                    let wasListed =
                        range.order == .firstNameFirst
                        && begins(lastName, firstName, with: query.prefix)
                    if !wasListed { add(&result, id, firstName, lastName) }
                }
                if let next { return (result, next) }
            }
            return (result, nil)
        }
    }
}

extension PeopleCursor {
    /// Creates the position after a person.
    fileprivate init(
        _ order: NameOrder, _ id: Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>
    ) {
        var key: [UInt8] = []
        func append(_ name: Span<UInt8>) {
            for index in name.indices { key.append(name[index].asciiLowercased) }
        }
        append(order == .lastNameFirst ? lastName : firstName)
        key.append(UInt8(ascii: " "))
        append(order == .lastNameFirst ? firstName : lastName)
        self.init(order, key: String(decoding: key, as: UTF8.self), id: id)
    }
}

/// Returns whether two names, joined by a space and converted to lower case, begin with a prefix.
private func begins(
    _ first: Span<UInt8>, _ second: Span<UInt8>, with prefix: String
) -> Bool {
    let prefix = prefix.utf8.span
    guard prefix.count <= first.count + 1 + second.count else { return false }
    for index in prefix.indices {
        let byte =
            if index < first.count {
                first[index].asciiLowercased
            } else if index == first.count {
                UInt8(ascii: " ")
            } else {
                second[index - first.count - 1].asciiLowercased
            }
        guard byte == prefix[index] else { return false }
    }
    return true
}

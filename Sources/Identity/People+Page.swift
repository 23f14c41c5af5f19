extension People {
    /// Goes through one page of the people whose whole name begins with a prefix.
    ///
    /// First those whose `Last First` begins with it, in that order, then those of whom only
    /// `First Last` does, in that one. The cost is the page's, however many people there are and
    /// whatever their names: a page reads `limit` rows, and who was listed by the last name is left
    /// out of what the first name finds. So a page may hold fewer, even nobody, and not be the last.
    ///
    /// - Parameters:
    ///   - query: Which people, and how many.
    ///   - initial: What to begin with.
    ///   - add: Is called with each person's number and names, which end with the call.
    /// - Returns: The result, and the place where the next page begins; `nil` after the last.
    /// - Throws: The store's own error.
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
                // One more than wanted, to know whether there is more.
                try rows.forEachPerson(in: range, limit: left + 1) { id, firstName, lastName in
                    guard left > 0 else {
                        next = last
                        return
                    }
                    left -= 1
                    if left == 0 {
                        last = PeopleCursor(range.order, id, firstName, lastName)
                    }
                    let isListed =
                        range.order == .firstNameFirst
                        && begins(lastName, firstName, with: query.prefix)
                    if !isListed { add(&result, id, firstName, lastName) }
                }
                if let next { return (result, next) }
            }
            return (result, nil)
        }
    }
}

extension PeopleCursor {
    /// The place behind a person.
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

/// Whether two names with a blank between begin with a prefix in lower case.
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

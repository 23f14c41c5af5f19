import Directory
import FastCGI
import HTTPTypes
import Identity
import JSON
import Text

/// The endpoints of `/api/people`, which list and change the people of the directory.
struct PeopleEndpoints: Sendable {
    let people: People
    let rate: ChangeRate

    /// Responds with all people, or with one page of them if the query has `limit`, `after` or `q`.
    func list(_ context: RequestContext, _ caller: Caller) async throws -> Response {
        var query = Query(of: context.request)
        // Clients of the Express backend send `page`, but have always received all people.
        if !query.values(of: "page").isEmpty { return try await all() }
        let limit = query.number("limit", in: Self.pageSizes)
        let after = query.text("after")
        let name = query.text("q", rules: Self.prefixMessages)
        try query.finish()
        guard limit != nil || after != nil || name != nil else { return try await all() }
        guard
            let page = PeopleQuery(
                prefix: name ?? "", after: after, limit: limit ?? Self.defaultPageSize)
        else { throw APIError.invalid(["\"after\" is not a cursor of this list"]) }
        let start = Self.startOfList
        var (json, next) = try await people.page(of: page, into: start) { $0.appendRow($1, $2, $3) }
        json.append("]")
        var response = Response(.ok, json)
        if name?.isEmpty ?? true { response.count(try await people.count()) }
        if let next {
            response.link(
                toNext: "/api/people",
                ["q": name, "limit": limit.map { "\($0)" }, "after": next.text])
        }
        return response.tagged(try Fingerprint(of: json.bytes.span), unlessCachedBy: context)
    }

    /// Responds with all people; a long list is read while it is sent.
    private func all() async throws -> Response {
        var (json, last) = try await people.slice(after: nil, into: Self.startOfList) {
            $0.appendRow($1, $2, $3)
            return $0.bytes.count < Self.partLength
        }
        if let last { return Response(.ok, json, rest: list(after: last)) }
        json.append("]")
        return Response(.ok, json)
    }

    private func list(after id: Person.ID) -> RemainingContent {
        RemainingContent {
            let part = JSONWriter(capacity: Self.partLength + 512)
            var (json, last) = try await people.slice(after: id, into: part) {
                $0.append(",")
                $0.append($1, $2, $3)
                return $0.bytes.count < Self.partLength
            }
            if let last { return (json.bytes, list(after: last)) }
            json.append("]")
            return (json.bytes, nil)
        }
    }

    func find(_ context: RequestContext, _ caller: Caller) async throws -> Response {
        let person = try await people.find(context.person)
        return Response(.ok, json(person)).tagged(try person.fingerprint, unlessCachedBy: context)
    }

    func add(_ context: RequestContext, _ caller: Caller) async throws -> Response {
        try rate.admit(caller, context)
        var validation = Validation(of: context.body)
        let firstName = validation.required("firstName", rules: People.firstName.messages)
        let lastName = validation.required("lastName", rules: People.lastName.messages)
        try validation.finish()
        let person = try await people.add(firstName: firstName, lastName: lastName)
        return Response(.created, json(person)).tagged(try person.fingerprint)
    }

    func rename(_ context: RequestContext, _ caller: Caller) async throws -> Response {
        try rate.admit(caller, context)
        var validation = Validation(of: context.body)
        let firstName = validation.optional("firstName", rules: People.firstName.messages)
        let lastName = validation.optional("lastName", rules: People.lastName.messages)
        try validation.finish()
        try await people.rename(
            context.person, firstName: firstName, lastName: lastName, expected: context.expected)
        // Send no entity tag, because the person is not stored exactly as the client sent it
        // (RFC 9110, section 9.3.4).
        return Response(.noContent)
    }

    func remove(_ context: RequestContext, _ caller: Caller) async throws -> Response {
        try rate.admit(caller, context)
        try await people.remove(context.person, expected: context.expected)
        return Response(.noContent)
    }

    private static let pageSizes = 1...1000
    private static let defaultPageSize = 100
    /// The length at which a part of the list of all people ends, in bytes.
    ///
    /// The last person of a part may exceed this length by 400 bytes. The part still fits in one
    /// FastCGI record.
    private static let partLength = 60 * 1024

    private static var startOfList: JSONWriter {
        var json = JSONWriter(capacity: 8192)
        json.append("[")
        return json
    }

    /// The messages for the violations in `q`, the prefix of a name.
    ///
    /// The prefix may be empty, because a search box is empty at first.
    private static func prefixMessages(in name: String) -> [String] {
        name.isEmpty ? [] : prefix.messages(for: name)
    }

    private static let prefix = TextRule(field: "q", maximum: PeopleQuery.maximumPrefixLength)

    private func json(_ person: Person) -> JSONWriter {
        var json = JSONWriter(capacity: 128)
        json.append(person.id, person.firstName.utf8.span, person.lastName.utf8.span)
        return json
    }
}

extension RequestContext {
    /// The ID of the person in the path.
    fileprivate var person: Person.ID {
        get throws {
            guard let number else { throw DirectoryError.notFound("Person") }
            return number
        }
    }
}

extension JSONWriter {
    /// Appends a person to a list whose opening bracket has already been written.
    fileprivate mutating func appendRow(
        _ id: Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>
    ) {
        if bytes.count > 1 { append(",") }
        append(id, firstName, lastName)
    }

    fileprivate mutating func append(
        _ id: Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>
    ) {
        append(#"{"id":"#)
        append(number: id)
        append(#","firstName":"#)
        append(string: firstName)
        append(#","lastName":"#)
        append(string: lastName)
        append("}")
    }
}

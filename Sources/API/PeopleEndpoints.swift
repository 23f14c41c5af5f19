import Directory
import HTTPTypes
import Identity
import JSON
import Text

/// `/api/people`: the directory.
struct PeopleEndpoints: Sendable {
    let people: People

    /// All people at once, unless the query asks for pages.
    func list(_ call: RequestContext, _ caller: Caller) async throws -> Response {
        var query = Query(of: call.request)
        // Clients of the Express backend number their pages, and were given all people each time.
        if !query.values(of: "page").isEmpty { return try await all() }
        let limit = query.number("limit", in: Self.pageSizes)
        let after = query.text("after")
        let name = query.text("q", rules: Self.prefixViolations)
        try query.finish()
        guard limit != nil || after != nil || name != nil else { return try await all() }
        guard
            let page = PeopleQuery(
                prefix: name ?? "", after: after, limit: limit ?? Self.usualPageSize)
        else { throw AuthError.invalid(["\"after\" is not a cursor of this list"]) }
        let start = Self.startOfList
        var (json, next) = try await people.page(of: page, into: start) { $0.appendRow($1, $2, $3) }
        json.append("]")
        var answer = Response(.ok, json)
        if let next {
            answer.link(
                toNext: "/api/people",
                ["q": name, "limit": limit.map { "\($0)" }, "after": next.text])
        }
        return answer.tagged(try Fingerprint(of: json.bytes.span), unlessHeldBy: call)
    }

    private func all() async throws -> Response {
        var json = try await people.reduce(into: Self.startOfList) { $0.appendRow($1, $2, $3) }
        json.append("]")
        return Response(.ok, json)
    }

    func find(_ call: RequestContext, _ caller: Caller) async throws -> Response {
        let person = try await people.find(call.person)
        return Response(.ok, json(person)).tagged(try person.fingerprint, unlessHeldBy: call)
    }

    func add(_ call: RequestContext, _ caller: Caller) async throws -> Response {
        var validation = Validation(of: call.body)
        let firstName = validation.required("firstName", rules: People.firstName.violations)
        let lastName = validation.required("lastName", rules: People.lastName.violations)
        try validation.finish()
        let person = try await people.add(firstName: firstName, lastName: lastName)
        return Response(.created, json(person)).tagged(try person.fingerprint)
    }

    func rename(_ call: RequestContext, _ caller: Caller) async throws -> Response {
        var validation = Validation(of: call.body)
        let firstName = validation.optional("firstName", rules: People.firstName.violations)
        let lastName = validation.optional("lastName", rules: People.lastName.violations)
        try validation.finish()
        try await people.rename(
            call.person, firstName: firstName, lastName: lastName, expected: call.expected)
        // Without its new tag, for what was sent is not what is there now (RFC 9110, 9.3.4).
        return Response(.noContent)
    }

    func remove(_ call: RequestContext, _ caller: Caller) async throws -> Response {
        try await people.remove(call.person, expected: call.expected)
        return Response(.noContent)
    }

    private static let pageSizes = 1...1000
    private static let usualPageSize = 100

    private static var startOfList: JSONWriter {
        var json = JSONWriter(capacity: 8192)
        json.append("[")
        return json
    }

    /// Empty is allowed: it is what a search box begins with.
    private static func prefixViolations(in name: String) -> [String] {
        name.isEmpty ? [] : PeopleQuery.prefix.violations(in: name)
    }

    private func json(_ person: Person) -> JSONWriter {
        var json = JSONWriter(capacity: 128)
        json.append(person.id, person.firstName.utf8.span, person.lastName.utf8.span)
        return json
    }
}

extension RequestContext {
    /// The person that the path names.
    fileprivate var person: Person.ID {
        get throws {
            guard let number else { throw DirectoryError.notFound("Person") }
            return number
        }
    }
}

extension JSONWriter {
    /// Appends a person to a list that has its opening bracket.
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

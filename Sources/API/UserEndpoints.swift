import HTTPTypes
import Identity
import JSON
import Text

/// The endpoints of `/api/users`, with which administrators list and change accounts.
struct UserEndpoints: Sendable {
    let accounts: Accounts

    /// Responds with a page of accounts, ordered by ID, or by e-mail address if the query has `q`.
    func list(_ context: RequestContext, _ caller: Caller) async throws -> Response {
        var query = Query(of: context.request)
        let limit = query.number("limit", in: 1...1000)
        return query.values(of: "q").isEmpty
            ? try await listByNumber(query, limit: limit)
            : try await listByAddress(query, limit: limit)
    }

    private func listByNumber(_ query: Query, limit: Int?) async throws -> Response {
        var query = query
        let after = query.number("after", in: 0 ... .max)
        try query.finish()
        let page = try await accounts.page(
            after: Account.ID(after ?? 0), limit: limit ?? Self.defaultPageSize)
        var response = Response(.ok, json(page.accounts))
        response.count(page.total)
        if page.hasMore, let last = page.accounts.last {
            response.link(
                toNext: "/api/users",
                ["limit": limit.map { "\($0)" }, "after": "\(last.id)"])
        }
        return response
    }

    private func listByAddress(_ query: Query, limit: Int?) async throws -> Response {
        var query = query
        let after = query.text("after")
        let address = query.text("q", rules: Self.prefixMessages) ?? ""
        try query.finish()
        guard
            let addressQuery = AddressQuery(
                prefix: address, after: after, limit: limit ?? Self.defaultPageSize)
        else { throw APIError.invalid(["\"after\" is not a cursor of this list"]) }
        let page = try await accounts.page(of: addressQuery)
        var response = Response(.ok, json(page.accounts))
        if let next = page.next {
            response.link(
                toNext: "/api/users",
                ["q": address, "limit": limit.map { "\($0)" }, "after": next.text])
        }
        return response
    }

    func change(_ context: RequestContext, _ caller: Caller) async throws -> Response {
        var validation = Validation(of: context.body)
        let name = validation.optional("role") { name in
            Role(named: name) == nil ? ["\"role\" must be one of [user, admin]"] : []
        }
        let isDisabled = validation.optionalFlag("disabled")
        try validation.finish()
        guard let id = context.number else { throw AuthError.accountNotFound }
        try await accounts.change(
            id, role: name.flatMap(Role.init(named:)), isDisabled: isDisabled, by: caller,
            from: context.client, at: context.now)
        return Response(.noContent)
    }

    private static let defaultPageSize = 100

    /// The messages for the violations in `q`, the prefix of an e-mail address.
    ///
    /// The prefix may be empty, because a search box is empty at first.
    private static func prefixMessages(in address: String) -> [String] {
        address.isEmpty ? [] : prefix.messages(for: address)
    }

    private static let prefix = TextRule(field: "q", maximum: AddressQuery.maximumPrefixLength)

    private func json(_ accounts: [Account]) -> JSONWriter {
        var json = JSONWriter(capacity: 128 * (accounts.count + 1))
        json.append("[")
        for account in accounts {
            if json.bytes.count > 1 { json.append(",") }
            json.append(account)
        }
        json.append("]")
        return json
    }
}

extension Role {
    /// Finds the role with a name that a client sent; `nil` if none exists.
    ///
    /// Names are compared byte by byte.
    fileprivate init?(named name: String) {
        guard let role = Role.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) })
        else { return nil }
        self = role
    }
}

extension JSONWriter {
    fileprivate mutating func append(_ account: Account) {
        append(#"{"id":"#)
        append(number: account.id)
        append(#","username":"#)
        append(string: account.email)
        append(#","role":"#)
        append(string: account.role.rawValue)
        append(account.isDisabled ? #","disabled":true"# : #","disabled":false"#)
        append(#","created":"#)
        append(string: account.createdAt.iso8601)
        append("}")
    }
}

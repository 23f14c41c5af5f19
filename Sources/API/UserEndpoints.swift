import HTTPTypes
import Identity
import JSON

/// `/api/users`: the accounts, for administrators.
struct UserEndpoints: Sendable {
    let accounts: Accounts

    func list(_ call: Call, _ caller: Caller) async throws -> Answer {
        var query = Query(of: call.request)
        let limit = query.number("limit", in: 1...1000)
        let after = query.number("after", in: 0 ... .max)
        try query.finish()
        let page = try await accounts.page(after: Account.ID(after ?? 0), limit: limit ?? 100)
        var json = JSONWriter(capacity: 128 * (page.accounts.count + 1))
        json.append("[")
        for account in page.accounts {
            if json.bytes.count > 1 { json.append(",") }
            json.append(account)
        }
        json.append("]")
        var answer = Answer(.ok, json)
        if page.hasMore, let last = page.accounts.last {
            answer.link(
                toNext: "/api/users",
                ["limit": limit.map { "\($0)" }, "after": "\(last.id)"])
        }
        return answer
    }

    func change(_ call: Call, _ caller: Caller) async throws -> Answer {
        var validation = Validation(of: call.body)
        let name = validation.optional("role") { name in
            Role(named: name) == nil ? ["\"role\" must be one of [user, admin]"] : []
        }
        let isDisabled = validation.optionalFlag("disabled")
        try validation.finish()
        guard let id = call.number else { throw Refusal.accountNotFound }
        try await accounts.change(
            id, role: name.flatMap(Role.init(named:)), isDisabled: isDisabled, by: caller,
            from: call.client, at: call.now)
        return Answer(.noContent)
    }
}

extension Role {
    /// The role of a name that a client sent, compared by its bytes.
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

import API
import Cryptography
import Directory
import FastCGI
import Glibc
import HTTPTypes
import Identity
import Logging
import Threads

@testable import SQLiteStore

/// The whole service on an empty store, without a web server.
final class TestService: Sendable {
    let store: SQLiteStore
    let accounts: Accounts
    let passwords: PasswordHasher
    let service: Service
    private let path: String
    /// The time that the service sees.
    let now = Guarded(Timestamp(seconds: 1_800_000_000))

    static let secret = Array("a secret of more than thirty-two bytes".utf8)
    static let password = "Passw0rd!"
    static let allowedOrigin = "https://app.example.com"

    init(
        hashingQueue: Int = 8, isStrict: Bool = false, accessLifetime: Int64 = 60,
        limits: PeopleLimits = PeopleLimits(changesPerMinute: 1_000_000),
        refusalDelay: Duration = .zero
    ) async throws {
        path = "/tmp/api-test-\(UInt64.random(in: .min ... .max)).db"
        store = try SQLiteStore(path: path)
        passwords = try PasswordHasher(
            scheme: .bcrypt(cost: 4), threads: 1, capacity: hashingQueue)
        let tokens = try Tokens(
            secret: Self.secret, accessLifetime: accessLifetime,
            refreshLifetime: 3 * accessLifetime)
        let rule = isStrict ? NewPassword.strict : .contract
        accounts = Accounts(
            store: store, passwords: passwords, topLevelDomains: ["com"], newPassword: rule)
        let people = People(store: store)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        service = Service(
            accounts: accounts,
            sessions: Sessions(
                store: store, tokens: tokens, passwords: passwords, newPassword: rule),
            directory: store, limits: limits, allowedOrigins: [Self.allowedOrigin],
            isStrict: isStrict, refusalDelay: refusalDelay,
            environment: "test", check: store.check,
            clock: { [now] in now.withLock { $0 } }, logger: logger)
        // These passwords follow the contract's rule, whatever rule the service has now.
        let contractAccounts = Accounts(
            store: store, passwords: passwords, topLevelDomains: ["com"])
        for (email, role) in [("john@example.com", Role.user), ("admin@example.com", .admin)] {
            try await contractAccounts.add(
                email: email, password: Self.password, role: role, by: .stranger,
                now: Timestamp(seconds: 1))
        }
        _ = try await people.add(firstName: "John", lastName: "Doe")
        _ = try await people.add(firstName: "Mike", lastName: "Clark")
    }

    deinit {
        passwords.close()
        store.close()
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    }

    /// Sends a request and returns the status, text and fields of the response.
    func call(
        _ method: String, _ target: String, token: String? = nil, cookie: String? = nil,
        authorization: String? = nil, json: String? = nil,
        parameters more: KeyValuePairs<String, String> = [:]
    ) async -> Reply {
        var parameters = FastCGIParameters()
        parameters.append("REQUEST_METHOD", method)
        parameters.append("REQUEST_URI", target)
        if let token { parameters.append("HTTP_AUTHORIZATION", "Bearer \(token)") }
        if let authorization { parameters.append("HTTP_AUTHORIZATION", authorization) }
        if let cookie { parameters.append("HTTP_COOKIE", cookie) }
        for (name, value) in more { parameters.append(name, value) }
        if json != nil { parameters.append("CONTENT_TYPE", "application/json") }
        let response = await service.respond(
            to: FastCGIRequest(parameters: parameters, body: Array((json ?? "").utf8)))
        var content = response.body
        var rest = response.rest
        while let current = rest {
            guard let next = try? await current.next() else { break }
            content += next.part
            rest = next.rest
        }
        return Reply(
            status: response.head.status.code, text: String(decoding: content, as: UTF8.self),
            fields: response.head.headerFields)
    }

    /// Logs in and returns both tokens.
    func logIn(
        _ username: String = "john@example.com", from address: String = "",
        userAgent: String = ""
    ) async throws -> (access: String, refresh: String) {
        try await call(
            "POST", "/api/auth/login",
            json: #"{"username":"\#(username)","password":"\#(Self.password)"}"#,
            parameters: ["REMOTE_ADDR": address, "HTTP_USER_AGENT": userAgent]
        ).tokens
    }

    /// Exchanges a refresh token that is sent as a cookie.
    func refresh(
        cookie token: String, parameters: KeyValuePairs<String, String> = [:]
    ) async -> Reply {
        await call(
            "POST", "/api/auth/refresh", cookie: "refreshToken=\(token)", parameters: parameters)
    }

    /// Every row of every table, or of one, as text.
    ///
    /// All tables are without the events that record a refused action.
    func dump(of table: String? = nil) throws -> [String] {
        let connection = try Connection(path: path, createIfMissing: false)
        func texts(_ sql: String) throws -> [String] {
            var texts: [String] = []
            try Statement(sql, on: connection).forEach { texts.append($0.text(0)) }
            return texts
        }
        return try texts("SELECT name FROM sqlite_schema WHERE type = 'table'").flatMap { table in
            let columns = try texts("SELECT name FROM pragma_table_info('\(table)')")
            let row = columns.map { "quote(\"\($0)\")" }.joined(separator: " || ' ' || ")
            return try texts("SELECT '\(table) ' || \(row) FROM \"\(table)\"")
        }.filter { row in
            table.map { row.hasPrefix("\($0) ") }
                ?? !(row.hasPrefix("events ") && row.contains("'refused'"))
        }.sorted()
    }
}

import API
import Cryptography
import FastCGI
import Glibc
import HTTPTypes
import Identity
import JSON
import Lanes
import Logging
import SQLiteStore

/// The whole service on a store of its own, without a web server before it.
final class TestService: Sendable {
    let store: SQLiteStore
    let passwords: PasswordHasher
    let service: Service
    private let path: String
    /// What time it is for the service.
    let now = Monitor(Timestamp(seconds: 1_800_000_000))

    static let secret = Array("a secret of more than thirty-two bytes".utf8)
    static let password = "Passw0rd!"

    init(hashingQueue: Int = 8) async throws {
        path = "/tmp/api-test-\(UInt64.random(in: .min ... .max)).db"
        store = try SQLiteStore(path: path)
        passwords = try PasswordHasher(
            scheme: .bcrypt(cost: 4), threads: 1, capacity: hashingQueue)
        let tokens = try Tokens(secret: Self.secret, accessLifetime: 60, refreshLifetime: 180)
        let accounts = Accounts(store: store, passwords: passwords, topLevelDomains: ["com"])
        let people = People(store: store)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        service = Service(
            accounts: accounts,
            sessions: Sessions(store: store, tokens: tokens, passwords: passwords),
            people: people, environment: "test", clock: { [now] in now.withLock { $0 } },
            logger: logger)
        for (email, role) in [("john@example.com", Role.user), ("admin@example.com", .admin)] {
            try await accounts.add(
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

    /// Sends a request and returns the answer's status, text and fields.
    func call(
        _ method: String, _ target: String, token: String? = nil, cookie: String? = nil,
        authorization: String? = nil, json: String? = nil
    ) async -> Reply {
        var parameters = FastCGIParameters()
        parameters.append("REQUEST_METHOD", method)
        parameters.append("REQUEST_URI", target)
        if let token { parameters.append("HTTP_AUTHORIZATION", "Bearer \(token)") }
        if let authorization { parameters.append("HTTP_AUTHORIZATION", authorization) }
        if let cookie { parameters.append("HTTP_COOKIE", cookie) }
        if json != nil { parameters.append("CONTENT_TYPE", "application/json") }
        let response = await service.respond(
            to: FastCGIRequest(parameters: parameters, body: Array((json ?? "").utf8)))
        return Reply(
            status: response.head.status.code, text: String(decoding: response.body, as: UTF8.self),
            fields: response.head.headerFields)
    }

    /// Logs in and returns both tokens.
    func logIn(_ username: String = "john@example.com") async throws -> (
        access: String, refresh: String
    ) {
        let reply = await call(
            "POST", "/api/auth/login",
            json: #"{"username":"\#(username)","password":"\#(Self.password)"}"#)
        let object = try JSONObject(Array(reply.text.utf8).span)
        return (object["accessToken"]?.string ?? "", object["refreshToken"]?.string ?? "")
    }

    /// Every row of the store, as text.
    func dump() async throws -> [String] {
        try await store.read { rows in
            var lines = try rows.accounts().map { "\($0)" }
            try rows.eachPerson { id, first, last in
                lines.append("\(id) \(first.count) \(last.count)")
            }
            return lines
        }
    }
}

/// What the service answered.
struct Reply: Equatable {
    let status: Int
    let text: String
    let fields: HTTPFields

    /// The answer that the contract gives for an error.
    static func problem(_ status: Int, _ message: String) -> String {
        #"{"statusCode":\#(status),"message":"\#(message)"}"#
    }
}

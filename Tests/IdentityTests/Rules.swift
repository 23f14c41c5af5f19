import Cryptography
import Directory
import Glibc
import Identity
import RepeatingStore
import SQLiteStore

/// The rules on a store of their own, for one test.
final class Rules: Sendable {
    let store: SQLiteStore
    let passwords: PasswordHasher
    let tokens: Tokens
    let accounts: Accounts
    let sessions: Sessions
    let people: People
    private let path: String

    static let secret = Array("a secret of more than thirty-two bytes".utf8)
    static let password = "Passw0rd!"

    init(
        scheme: PasswordHasher.Scheme = .bcrypt(cost: 4), accessLifetime: Int64 = 60,
        refreshLifetime: Int64 = 180, hashingCapacity: Int = 8, repeatsBodies: Bool = false,
        randomID: @escaping @Sendable () -> Session.ID = { .random(in: 1 ... .max) }
    ) throws {
        path = "/tmp/identity-test-\(UInt64.random(in: .min ... .max)).db"
        store = try SQLiteStore(path: path)
        let tested: any Store = repeatsBodies ? RepeatingStore(store) : store
        passwords = try PasswordHasher(scheme: scheme, threads: 1, capacity: hashingCapacity)
        tokens = try Tokens(
            secret: Self.secret, accessLifetime: accessLifetime, refreshLifetime: refreshLifetime)
        accounts = Accounts(store: tested, passwords: passwords, topLevelDomains: ["com"])
        sessions = Sessions(
            store: tested, tokens: tokens, passwords: passwords, randomID: randomID)
        people = People(store: tested)
    }

    deinit {
        passwords.close()
        store.close()
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
    }

    /// Runs every purge to its end.
    func purge(at now: Timestamp) async throws {
        for job in Job.purges(of: store, now: { now }) {
            while try await job.runSlice() {}
        }
    }

    func addJohn(role: Role = .user) async throws {
        try await accounts.add(
            email: "john@example.com", password: Self.password, role: role, by: .stranger,
            now: .start)
    }

    func logInJohn(at now: Timestamp = .start) async throws -> IssuedTokens {
        try await sessions.logIn(
            username: "john@example.com", password: Self.password, at: now)
    }
}

extension Timestamp {
    /// A moment between two seconds, when every test begins.
    static let start = Timestamp(milliseconds: 1_800_000_000_250)

    static func + (moment: Timestamp, seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds + seconds * 1000)
    }
}

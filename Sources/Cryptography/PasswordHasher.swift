import COpenSSL
public import Metrics
import Threads

/// Hashes passwords and compares them with hashes, on threads that do nothing else.
///
/// A hash is meant to take long, about 50 ms. Its threads are as many as they are told to be and
/// yield to those that answer requests; when too many passwords wait, the next is refused at once.
public final class PasswordHasher: Sendable {
    /// How new passwords are hashed; see crypt(5).
    public enum Scheme: Equatable, Sendable {
        /// bcrypt, `$2b$`, at a cost of 4 to 31: one more doubles the time.
        case bcrypt(cost: Int)
        /// yescrypt, `$y$`, at a cost of 1 to 11: one more doubles the time and the memory.
        case yescrypt(cost: Int)

        var prefix: String {
            switch self {
            case .bcrypt: "$2b$"
            case .yescrypt: "$y$"
            }
        }

        var cost: Int {
            switch self {
            case .bcrypt(let cost), .yescrypt(let cost): cost
            }
        }
    }

    /// What was hashed since the start.
    public struct Statistics: Sendable {
        /// How long a hash took on its thread, in microseconds.
        public let durations: Histogram
        /// How many passwords wait now.
        public let waiting: Int
        /// How many found too many waiting, and were not hashed.
        public let refused: Int
    }

    /// Too many passwords wait to be hashed.
    public struct Busy: Error {}

    /// What `ps -L` calls the hashing threads.
    static let threadName = "hashing"
    // At 10 and more a thread can lose the processor for long while it holds a lock.
    static let niceness: Int32 = 5

    private let scheme: Scheme
    private let decoy: CryptString
    private let pool: BoundedWorkerPool<@Sendable () -> Void>
    // 1 millisecond to 17 seconds.
    private let durations = Guarded(Histogram(exponents: 10...24))

    /// Starts the hashing threads; `close` ends them.
    ///
    /// - Parameters:
    ///   - scheme: How new passwords are hashed.
    ///   - threads: How many are hashed at once; at most as many as there are cores.
    ///   - capacity: How many may wait; at least one.
    /// - Throws: `CryptographyError` when the scheme has no such cost, `ThreadError` when the
    ///   system refuses a thread.
    public init(scheme: Scheme, threads: Int, capacity: Int) throws {
        self.scheme = scheme
        decoy = try Crypt.makeSetting(prefix: scheme.prefix, cost: scheme.cost)
        pool = try BoundedWorkerPool(
            name: Self.threadName, threads: threads, niceness: Self.niceness, capacity: capacity
        ) { [durations] jobs in
            for job in jobs {
                let begin = ContinuousClock.now
                job()
                let duration = ContinuousClock.now - begin
                durations.withLock { $0.record(Int(duration / .microseconds(1))) }
            }
        }
    }

    /// Hashes a password with a new salt.
    ///
    /// - Throws: `Busy`, or `CryptographyError`, also for a password that has `violations`.
    public func hash(_ password: String) async throws -> String {
        try await onLane { [scheme] in
            let setting = try Crypt.makeSetting(prefix: scheme.prefix, cost: scheme.cost)
            guard setting.holds(password) else {
                throw CryptographyError(call: "hash", message: "cannot hold all of the password")
            }
            return try Crypt.hash(password, setting: setting)
        }
    }

    /// Whether a hash is the password's, in whatever scheme libxcrypt knows.
    ///
    /// Where there is no account, there is no hash: `nil` takes as long as a wrong password and is
    /// answered alike. Only a hash that was made with another setting takes a time of its own,
    /// until `isWeaker` has had it replaced.
    ///
    /// - Throws: `Busy`, or `CryptographyError` when memory is short.
    public func verify(_ password: String, against hash: String?) async throws -> Bool {
        try await onLane { [decoy] in
            try Self.matches(password, hash.map(CryptString.init), decoy: decoy)
        }
    }

    /// Whether a hash is cheaper to guess at than the ones that are made now.
    ///
    /// A hash of a better scheme never is, and among yescrypt, gost-yescrypt and scrypt the memory
    /// decides.
    public func isWeaker(_ hash: String) -> Bool { CryptString(hash).strength < decoy.strength }

    /// How many bytes of a password are looked at by the scheme that looks at most.
    public static let maximumAcceptedLength = Crypt.longestPassword

    /// How many bytes a new password may have, so that the hash holds all of it.
    public var longestPassword: Int { decoy.longestPassword }

    /// What keeps a new password from being hashed whole, in the words of the contract.
    public func violations(of password: String) -> [String] {
        var violations: [String] = []
        if password.utf8.count > decoy.longestPassword {
            violations.append("Password must not exceed \(decoy.longestPassword) bytes")
        }
        if password.utf8.contains(0) {
            violations.append("Password must not contain a NUL character")
        }
        return violations
    }

    /// What was hashed since the start.
    public var statistics: Statistics {
        let load = pool.load
        return Statistics(
            durations: durations.withLock { $0 }, waiting: load.waiting, refused: load.refused)
    }

    /// Finishes what waits and ends the threads; whoever comes later meets `Busy`.
    public func close() { pool.close() }

    /// Compares a password with a hash, or takes as long over none.
    static func matches(
        _ password: String, _ hash: CryptString?, decoy: CryptString
    ) throws -> Bool {
        if let hash, let found = try? Crypt.hash(password, setting: hash) {
            // What the scheme cannot hold whole is hashed all the same: refusing it must take time.
            if areEqual(found, hash.text) && hash.holds(password) { return true }
            if hash.strength > .lesser { return false }
        }
        // No account, no hash, or one so cheap that its refusal would tell that it is there.
        _ = try Crypt.hash(password, setting: decoy)
        return false
    }

    private static func areEqual(_ one: String, _ other: String) -> Bool {
        let one = Array(one.utf8)
        let other = Array(other.utf8)
        return one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
    }

    private func onLane<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = pool.submit {
                continuation.resume(with: Swift.Result { try work() })
            }
            if !isTaken { continuation.resume(throwing: Busy()) }
        }
    }
}

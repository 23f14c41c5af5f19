import COpenSSL
public import Metrics
import Threads

/// Hashes and verifies passwords on a pool of threads.
///
/// A hash takes about 50 ms, by design. So the number of hashing threads is limited, and they run at
/// a lower priority than the threads that answer requests. If too many passwords wait to be hashed,
/// the next one is refused at once.
public final class PasswordHasher: Sendable {
    /// The scheme that hashes new passwords; see crypt(5).
    public enum Scheme: Equatable, Sendable {
        /// bcrypt, `$2b$`, with a cost of 4 to 31. Each step doubles the time.
        case bcrypt(cost: Int)
        /// yescrypt, `$y$`, with a cost of 1 to 11. Each step doubles time and memory.
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

    /// Counts of the passwords hashed since the start.
    public struct Statistics: Sendable {
        /// How long each hash took on its thread, in microseconds.
        public let durations: Histogram
        /// The number of passwords that wait to be hashed now.
        public let waiting: Int
        /// The number of passwords refused because too many were waiting.
        public let refused: Int
    }

    /// The error that too many passwords wait to be hashed.
    public struct Busy: Error {}

    /// The name of the hashing threads in `ps -L`.
    static let threadName = "hashing"
    // With a niceness of 10 or more, a thread may be preempted for long while it holds a lock.
    static let niceness: Int32 = 5

    private let scheme: Scheme
    private let decoy: CryptString
    private let pool: BoundedWorkerPool<@Sendable () -> Void>
    // 1 millisecond to 17 seconds.
    private let durations = Guarded(Histogram(exponents: 10...24))

    /// Starts the hashing threads; `close` ends them.
    ///
    /// - Parameters:
    ///   - scheme: The scheme for new passwords.
    ///   - threads: How many passwords are hashed at once; at most the number of cores.
    ///   - capacity: How many passwords may wait; at least one.
    /// - Throws: `CryptographyError` if the scheme does not have this cost, `ThreadError` if the
    ///   system cannot start a thread.
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
    /// - Throws: `Busy`, or `CryptographyError`, also if the password is longer than
    ///   `longestPassword` or contains NUL, because the scheme would ignore a part of it.
    public func hash(_ password: String) async throws -> String {
        try await onPool { [scheme] in
            let setting = try Crypt.makeSetting(prefix: scheme.prefix, cost: scheme.cost)
            guard setting.canHash(password) else {
                throw CryptographyError(
                    call: "hash", message: "the scheme cannot hash all of the password")
            }
            return try Crypt.hash(password, setting: setting)
        }
    }

    /// Returns whether a password matches a hash of any scheme that libxcrypt supports.
    ///
    /// Pass `nil` if the account does not exist: the call then takes as long as for a wrong password,
    /// and returns false. Only a hash made with another setting takes a different time, until the
    /// caller replaces it because of `isWeaker`.
    ///
    /// - Throws: `Busy`, or `CryptographyError` if memory is short.
    public func verify(_ password: String, against hash: String?) async throws -> Bool {
        try await onPool { [decoy] in
            try Self.matches(password, hash.map(CryptString.init), decoy: decoy)
        }
    }

    /// Returns whether a hash is cheaper to guess than new hashes.
    ///
    /// A hash of a stronger scheme is never weaker. Among yescrypt, gost-yescrypt and scrypt, the one
    /// that needs less memory is weaker.
    public func isWeaker(_ hash: String) -> Bool { CryptString(hash).strength < decoy.strength }

    /// The maximum length of a password in bytes, with the scheme that uses the longest ones.
    public static let maximumAcceptedLength = Crypt.maximumPasswordLength

    /// The maximum length of a new password in bytes; the scheme ignores what exceeds it.
    public var longestPassword: Int { decoy.maximumPasswordLength }

    /// Counts of the passwords hashed since the start.
    public var statistics: Statistics {
        let load = pool.load
        return Statistics(
            durations: durations.withLock { $0 }, waiting: load.waiting, refused: load.refused)
    }

    /// Finishes the waiting passwords and ends the threads.
    ///
    /// Later calls throw `Busy`.
    public func close() { pool.close() }

    /// Compares a password with a hash.
    ///
    /// Without a hash it takes as long and returns false.
    static func matches(
        _ password: String, _ hash: CryptString?, decoy: CryptString
    ) throws -> Bool {
        if let hash, let found = try? Crypt.hash(password, setting: hash) {
            // A password that the scheme would cut off is hashed as well, so that refusing it takes
            // the same time.
            if areEqual(found, hash.text) && hash.canHash(password) { return true }
            if hash.strength > .weak { return false }
        }
        // There is no valid hash, or it is so cheap that a quick refusal would reveal that the account
        // exists.
        _ = try Crypt.hash(password, setting: decoy)
        return false
    }

    private static func areEqual(_ one: String, _ other: String) -> Bool {
        let one = Array(one.utf8)
        let other = Array(other.utf8)
        return one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
    }

    private func onPool<Result: Sendable>(
        _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let isSubmitted = pool.submit {
                continuation.resume(with: Swift.Result { try work() })
            }
            if !isSubmitted { continuation.resume(throwing: Busy()) }
        }
    }
}

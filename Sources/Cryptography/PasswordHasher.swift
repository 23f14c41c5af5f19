import COpenSSL
public import Metrics
import Threads

/// Hashes and verifies passwords on a pool of threads.
///
/// A hash takes about 50 ms, by design. So the number of hashing threads is limited, and they run
/// at a lower priority than the threads that answer requests. If too many passwords are waiting to
/// be hashed, the next one is refused at once.
public final class PasswordHasher: Sendable {
    /// The scheme that hashes new passwords; see crypt(5).
    public enum Scheme: Equatable, Sendable {
        /// bcrypt, whose hashes begin with `$2b$`.
        ///
        /// The cost is a number from 4 to 31. Each increment doubles the time.
        case bcrypt(cost: Int)
        /// yescrypt, whose hashes begin with `$y$`.
        ///
        /// The cost is a number from 1 to 11. Each increment doubles the time and the memory.
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

    /// Statistics about the passwords hashed since the start of the process.
    public struct Statistics: Sendable {
        /// How long each hash took on its thread, in microseconds.
        public let durations: Histogram
        /// The number of passwords that are waiting to be hashed.
        public let waiting: Int
        /// The number of passwords refused so far because too many were waiting.
        public let refused: Int
    }

    /// The error thrown when too many passwords are waiting to be hashed.
    public struct Busy: Error {}

    /// The name of the hashing threads in `ps -L`.
    static let threadName = "hashing"
    // Keep the niceness below 10. Otherwise a thread may be preempted for a long time while it
    // holds a lock.
    static let niceness: Int32 = 5

    private let scheme: Scheme
    private let decoy: CryptString
    private let pool: BoundedWorkerPool<@Sendable () -> Void>
    // The bounds of the histogram range from 1 millisecond to 17 seconds.
    private let durations = Guarded(Histogram(exponents: 10...24))

    /// Creates a hasher and starts its threads, which `close` ends.
    ///
    /// - Parameters:
    ///   - scheme: The scheme for new passwords.
    ///   - threads: The number of passwords hashed at once, at most the number of cores.
    ///   - capacity: The maximum number of passwords that wait, at least one.
    /// - Throws: `CryptographyError` if the scheme does not support this cost, or `ThreadError` if
    ///   the system cannot start a thread.
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
    /// - Throws: `Busy` if too many passwords are waiting, or `CryptographyError` if hashing fails.
    ///   Hashing also fails if the password is longer than `longestPassword` or contains NUL,
    ///   because the scheme would ignore a part of the password.
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
    /// Pass `nil` if the account does not exist. The call then returns false and takes as long as
    /// for a wrong password. Only a hash that was made with another setting takes a different time,
    /// until the caller replaces the hash because `isWeaker` is true for it.
    ///
    /// - Throws: `Busy` if too many passwords are waiting, or `CryptographyError` if there is not
    ///   enough memory.
    public func verify(_ password: String, against hash: String?) async throws -> Bool {
        try await onPool { [decoy] in
            try Self.matches(password, hash.map(CryptString.init), decoy: decoy)
        }
    }

    /// Returns whether a hash is cheaper to guess than new hashes.
    ///
    /// A hash made with a stronger scheme is never weaker. Among the hashes of yescrypt,
    /// gost-yescrypt and scrypt, a hash that needs less memory is weaker.
    public func isWeaker(_ hash: String) -> Bool { CryptString(hash).strength < decoy.strength }

    /// The maximum length in bytes of a password that any scheme can hash.
    public static let maximumAcceptedLength = Crypt.maximumPasswordLength

    /// The maximum length of a new password in bytes.
    ///
    /// The scheme for new passwords ignores the bytes after this length.
    public var longestPassword: Int { decoy.maximumPasswordLength }

    /// Statistics about the passwords hashed since the start of the process.
    public var statistics: Statistics {
        let load = pool.load
        return Statistics(
            durations: durations.withLock { $0 }, waiting: load.waiting, refused: load.refused)
    }

    /// Hashes the passwords that are still waiting and ends the threads.
    ///
    /// Later calls of `hash` and `verify` throw `Busy`.
    public func close() { pool.close() }

    /// Returns whether a password matches a hash.
    ///
    /// If there is no hash, the function hashes the password with `decoy` to take the same time,
    /// and returns false.
    static func matches(
        _ password: String, _ hash: CryptString?, decoy: CryptString
    ) throws -> Bool {
        if let hash, let found = try? Crypt.hash(password, setting: hash) {
            // Hash the password even if the scheme would ignore a part of it, so that refusing such
            // a password takes the same time.
            if areEqual(found, hash.text) && hash.canHash(password) { return true }
            if hash.strength > .weak { return false }
        }
        // There is no valid hash, or the hash is so cheap that a quick refusal would reveal that
        // the account exists. So hash the password with the decoy setting as well.
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

public import Metrics
import Threads

/// Hashes and verifies passwords on a pool of threads.
///
/// A hash takes about 50 ms, by design. So the number of hashing threads is limited, and they run
/// at a lower priority than the threads that answer requests. If the queue of waiting passwords is
/// full, one of them or the new one is refused at once; `FairQueue` chooses which.
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
    /// The processor time that hashing with `decoy` took last, in seconds.
    private let decoyTime = Guarded<Double?>(nil)
    private let limit: HashLimit
    /// The time after which no more waiting passwords are hashed; `nil` unless the program is
    /// stopping.
    private let deadline = Guarded<ContinuousClock.Instant?>(nil)
    /// Each job hashes a password, or throws `Busy` if there is no room for it.
    private let pool: BoundedWorkerPool<FairQueue<@Sendable (_ hasRoom: Bool) -> Void>>
    // The bounds of the histogram range from 1 millisecond to 17 seconds.
    private let durations = Guarded(Histogram(exponents: 10...24))

    /// Creates a hasher and starts its threads, which `close` ends.
    ///
    /// - Parameters:
    ///   - scheme: The scheme for new passwords, with its cost.
    ///   - threads: The number of passwords hashed at once, at most the number of cores.
    ///   - capacity: The maximum number of passwords that wait, at least one.
    ///   - limit: The highest cost of a stored hash that is verified.
    /// - Throws: `CryptographyError` if the cost in `scheme` is outside the range that its algorithm
    ///   supports, or `ThreadError` if the system cannot start a thread.
    public init(
        scheme: Scheme, threads: Int, capacity: Int, limit: HashLimit = .standard
    ) throws {
        self.scheme = scheme
        self.limit = HashLimit(memory: limit.memory, raisedFor: scheme)
        decoy = try Crypt.makeSetting(prefix: scheme.prefix, cost: scheme.cost)
        pool = try BoundedWorkerPool(
            name: Self.threadName, threads: threads, niceness: Self.niceness,
            queue: FairQueue(capacity: capacity)
        ) { [durations] jobs in
            for job in jobs {
                let begin = ContinuousClock.now
                job.work(true)
                let duration = ContinuousClock.now - begin
                durations.withLock { $0.record(Int(duration / .microseconds(1))) }
            }
        }
    }

    /// Hashes a password with a new salt.
    ///
    /// - Parameters:
    ///   - password: The password.
    ///   - requester: Who asks for the hash.
    /// - Returns: The hash, with its scheme, cost and salt; see crypt(5).
    /// - Throws: `Busy` if too many passwords are waiting, or `CryptographyError` if hashing fails.
    ///   Hashing also fails if the password is longer than `longestPassword` or contains NUL,
    ///   because the scheme would ignore a part of the password.
    public func hash(_ password: String, for requester: Requester) async throws -> String {
        try await onPool(for: requester) { [scheme] in
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
    /// for a wrong password. Only a hash that costs more than new hashes takes longer. A cheaper
    /// hash takes as long as a new one, because further work follows if the password is wrong. A
    /// hash beyond the limit is not computed and matches no password.
    ///
    /// A hash matches every password from which it can be made, even if the scheme ignores the end
    /// of a long password, as bcrypt does after 72 bytes. Passwords of an imported account may be
    /// that long. With a scheme weaker than bcrypt, such a long password matches no hash. Neither
    /// does a password with a NUL.
    ///
    /// - Parameters:
    ///   - password: The password.
    ///   - hash: The stored hash of the account; `nil` if there is no such account.
    ///   - requester: Who asks for the verification.
    /// - Returns: Whether the password matches.
    /// - Throws: `Busy` if too many passwords are waiting, or `CryptographyError` if there is not
    ///   enough memory.
    public func verify(
        _ password: String, against hash: String?, for requester: Requester
    ) async throws -> Bool {
        try await onPool(for: requester) { [decoy, limit, decoyTime] in
            try Self.matches(
                password, hash.map(CryptString.init), decoy: decoy, limit: limit,
                decoyTime: decoyTime)
        }
    }

    /// Returns whether a hash is cheaper to guess than new hashes.
    ///
    /// A hash made with a stronger scheme is never weaker. Among the hashes of yescrypt,
    /// gost-yescrypt and scrypt, a hash that needs less memory is weaker.
    public func isWeaker(_ hash: String) -> Bool { CryptString(hash).strength < decoy.strength }

    /// Whether a hash should be replaced by a new hash of the password, which it matches.
    ///
    /// A hash that was compared with only the beginning of the password is kept, because a new hash
    /// would match fewer passwords than the old hash.
    public func shouldReplace(_ hash: String, of password: String) -> Bool {
        let hash = CryptString(hash)
        return hash.strength < decoy.strength && hash.canHash(password)
            && password.utf8.count <= longestPassword
    }

    /// Whether a hash costs more than the limit allows, so that it matches no password.
    public func isBeyondLimit(_ hash: String) -> Bool { limit.excess(of: hash) != nil }

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

    /// Limits how long the passwords that are waiting can delay the end of the program.
    ///
    /// After this time, `hash` and `verify` throw `Busy` instead of hashing another password.
    public func refuseWaiting(after time: Duration) {
        deadline.withLock { $0 = ContinuousClock.now + time }
    }

    /// Hashes the passwords that are still waiting and ends the threads.
    ///
    /// Later calls of `hash` and `verify` throw `Busy`.
    public func close() { pool.close() }

    private func onPool<Result: Sendable>(
        for requester: Requester, _ work: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let refused = pool.submit(
                .init(requester: requester) { [deadline] hasRoom in
                    let isLate = deadline.withLock { $0 }.map { $0 < .now } ?? false
                    guard hasRoom, !isLate else {
                        return continuation.resume(throwing: Busy())
                    }
                    continuation.resume(with: Swift.Result { try work() })
                })
            refused?.work(false)
        }
    }
}

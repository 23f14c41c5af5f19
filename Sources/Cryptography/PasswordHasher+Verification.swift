import COpenSSL
import Glibc
import Threads

extension PasswordHasher {
    /// Returns whether a password matches a hash.
    ///
    /// If the password does not match, the function takes as long as hashing with `decoy`, unless
    /// the hash is more expensive. So the time does not reveal whether the account exists.
    ///
    /// - Parameters:
    ///   - password: The password.
    ///   - hash: The stored hash; `nil` if the account does not exist.
    ///   - decoy: The setting for new hashes.
    ///   - limit: The most that the stored hash may cost.
    ///   - decoyTime: The processor time that hashing with `decoy` took last. The function updates
    ///     this value.
    /// - Returns: Whether the password matches.
    /// - Throws: `CryptographyError` if there is not enough memory.
    static func matches(
        _ password: String, _ hash: CryptString?, decoy: CryptString,
        limit: HashLimit = .standard, decoyTime: Guarded<Double?>? = nil
    ) throws -> Bool {
        let start = processorTime()
        if let hash, limit.excess(of: hash.cost) == nil,
            let found = try? Crypt.hash(password, setting: hash)
        {
            // Hash the password even if it cannot match, so that refusing it takes the same time.
            // crypt(3) reads a password only up to its first NUL.
            if areEqual(found, hash.text), !password.utf8.contains(0),
                hash.strength > .weak || hash.canHash(password)
            {
                return true
            }
            if hash.strength > .weak {
                try pad(password, after: hash, since: start, to: decoy, decoyTime)
                return false
            }
        }
        // There is no valid hash, or the hash is so cheap that a quick refusal would reveal that
        // the account exists. So hash the password with the decoy setting as well.
        try hashDecoy(password, decoy, decoyTime)
        return false
    }

    /// Does as much more work as hashing with `decoy` would have taken than with `hash`.
    private static func pad(
        _ password: String, after hash: CryptString, since start: Double, to decoy: CryptString,
        _ decoyTime: Guarded<Double?>?
    ) throws {
        if case .bcrypt(let cost) = hash.strength, case .bcrypt(let full) = decoy.strength {
            // Each increment of the cost doubles the work. So one more hash with each cost from
            // that of `hash` up to the last below the decoy's adds what is missing. For example, if
            // the costs are 8 and 10, the work is 2^8 + (2^8 + 2^9) = 2^10.
            for cost in cost..<max(cost, full) {
                _ = try Crypt.hash(password, setting: .bcrypt(cost: cost))
            }
            return
        }
        guard let decoyTime, hash.cost.seconds < decoy.cost.seconds else { return }
        guard let target = decoyTime.withLock({ $0 }) else {
            return try hashDecoy(password, decoy, decoyTime)
        }
        while processorTime() - start < target {
            // The cheapest hash, which takes about 1 ms.
            _ = try Crypt.hash(password, setting: .bcrypt(cost: 4))
        }
    }

    private static func hashDecoy(
        _ password: String, _ decoy: CryptString, _ decoyTime: Guarded<Double?>?
    ) throws {
        let start = processorTime()
        _ = try Crypt.hash(password, setting: decoy)
        decoyTime?.withLock { $0 = processorTime() - start }
    }

    /// Returns the processor time of the calling thread in seconds.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func areEqual(_ one: String, _ other: String) -> Bool {
        let one = Array(one.utf8)
        let other = Array(other.utf8)
        return one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
    }
}

extension CryptString {
    /// A bcrypt setting with a fixed salt, for work whose result is not used.
    fileprivate static func bcrypt(cost: Int) -> CryptString {
        CryptString("$2b$\(cost < 10 ? "0" : "")\(cost)$......................")
    }
}

/// The most that it may cost to compare a password with a stored hash.
///
/// An imported hash decides how much each login to its account costs, even a login by a stranger
/// with a wrong password. So the import refuses a hash beyond the limit, and such a hash matches no
/// password at a login.
public struct HashLimit: Equatable, Sendable {
    /// The maximum memory of one hash, in MiB.
    public let memory: Int

    /// The maximum time of one hash, in seconds.
    ///
    /// This is a third of the 15 seconds that nginx waits for a response (`fastcgi_read_timeout`),
    /// because a slow or busy machine may take three times as long as estimated.
    public static let seconds = 5

    /// The default memory, in MiB.
    public static let defaultMemory = 128

    /// The limit that applies if the settings set no other.
    public static let standard = HashLimit(memory: defaultMemory)

    /// Creates a limit.
    ///
    /// - Parameters:
    ///   - memory: The maximum memory of one hash, in MiB.
    ///   - scheme: The scheme for new passwords. If its hashes need more than `memory`, the limit is
    ///     what they need.
    public init(memory: Int, raisedFor scheme: PasswordHasher.Scheme? = nil) {
        let needed = (scheme?.hashCost.memory ?? 0) / Self.mebibyte
        self.memory = max(memory, Int(needed.rounded(.up)))
    }

    /// Why a hash is beyond the limit.
    public enum Excess: Equatable, Sendable {
        /// The hash takes about this number of seconds.
        case time(seconds: Int)
        /// The hash needs this number of MiB.
        case memory(mebibytes: Int)
    }

    /// Returns why a hash is beyond the limit; `nil` if it is not.
    public func excess(of hash: String) -> Excess? { excess(of: CryptString(hash).cost) }

    func excess(of cost: HashCost) -> Excess? {
        if cost.seconds > Double(Self.seconds) {
            return .time(seconds: Int(min(cost.seconds.rounded(.up), 1e9)))
        }
        let mebibytes = (cost.memory / Self.mebibyte).rounded(.up)
        return mebibytes > Double(memory) ? .memory(mebibytes: Int(min(mebibytes, 1e9))) : nil
    }

    private static let mebibyte = 1_048_576.0
}

extension PasswordHasher.Scheme {
    /// How expensive the hashes of new passwords are.
    var hashCost: HashCost {
        switch self {
        case .bcrypt(let cost): .bcrypt(cost: cost)
        case .yescrypt:
            // libxcrypt chooses N and r for a cost, so read them from a new setting.
            (try? Crypt.makeSetting(prefix: prefix, cost: cost))?.cost ?? .negligible
        }
    }
}

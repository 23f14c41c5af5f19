import Identity
import Threads

/// A limit on how often an account, and a client with any accounts, may change people.
///
/// Each has an allowance that lasts for a minute at full speed and is refilled evenly: the generic
/// cell rate algorithm. The allowances are in memory only. A restart refills them, which gains a
/// client at most another minute's changes.
final class ChangeRate: Sendable {
    private enum Key: Hashable {
        case account(Account.ID)
        case network(String)
    }

    /// When the allowance of a key will be full again, in microseconds since 1970.
    private let fullAt = Guarded<[Key: Int64]>([:])
    private let perMinute: Int64
    /// The number of accounts and clients that are remembered.
    ///
    /// Beyond it, the one whose allowance is the fullest is forgotten.
    private static let maximumKeys = 10_000
    /// How many times as often as one account a client may change people, because several people
    /// can have one address.
    ///
    /// The wider networks of an IPv6 client follow (`Client.networks`).
    private static let accountsOfClient: [Int64] = [4, 6, 16]
    private static let minute: Int64 = 60_000_000

    /// Creates full allowances.
    ///
    /// - Parameter perMinute: How many times a minute an account may change people.
    init(perMinute: Int) { self.perMinute = Int64(perMinute) }

    /// Counts a change.
    ///
    /// - Throws: `APIError.tooManyChanges` if the account or the client has made too many.
    func admit(_ caller: Caller, _ context: RequestContext) throws {
        let now = context.now.milliseconds * 1000
        var costs = [Key.account(caller.account.id): Self.minute / perMinute]
        let networks = Client(address: context.request.remoteAddress, device: "").networks
        for (network, accounts) in zip(networks, Self.accountsOfClient) {
            costs[.network(network)] = Self.minute / (perMinute * accounts)
        }
        let wait = fullAt.withLock { fullAt in
            // The clock may have been set back, so no allowance is emptier than empty.
            let next = costs.map { key, cost in
                (key, min(max(fullAt[key] ?? now, now), now + Self.minute) + cost)
            }
            let wait = next.map { $0.1 - now - Self.minute }.max() ?? 0
            if wait <= 0 {
                for (key, time) in next { fullAt[key] = time }
                if fullAt.count > Self.maximumKeys { Self.forget(in: &fullAt, at: now) }
            }
            return wait
        }
        guard wait <= 0 else {
            throw APIError.tooManyChanges(seconds: (wait + 999_999) / 1_000_000)
        }
    }

    private static func forget(in fullAt: inout [Key: Int64], at now: Int64) {
        fullAt = fullAt.filter { $0.value > now }
        if fullAt.count > maximumKeys, let fullest = fullAt.min(by: { $0.value < $1.value }) {
            fullAt[fullest.key] = nil
        }
    }
}

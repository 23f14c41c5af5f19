import Identity
import Threads

/// A limit on how often an account, and a client with any accounts, may change people.
///
/// Each account and each client has an allowance of one minute's changes, which is refilled at a
/// constant rate (the generic cell rate algorithm). The allowances are in memory only. A restart
/// refills them, which gains a client at most another minute's changes.
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
    /// If there are more, those with a full allowance are forgotten. If there are still more, so
    /// are those with the fullest allowances.
    private static let maximumKeys = 10_000
    /// The limits for the networks of a client, as multiples of the limit for one account.
    ///
    /// They are higher than the limit for one account, because several people can share an address.
    /// The first is for the address or the narrowest IPv6 network, the others are for the wider
    /// IPv6 networks (`Client.networks`).
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
            // After the clock has been set back, a stored time can be more than a minute ahead.
            // Treat such an allowance as empty, so that the wait is not extended further.
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
        while fullAt.count > maximumKeys, let fullest = fullAt.min(by: { $0.value < $1.value }) {
            fullAt[fullest.key] = nil
        }
    }
}

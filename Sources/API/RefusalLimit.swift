import Identity
import Threads

/// Limits how many refused actions are recorded, so that no client can fill the table of events.
///
/// The counts are in memory only, so they restart from zero when the process restarts.
final class RefusalLimit: Sendable {
    private struct Counts {
        var hour: Int64 = 0
        var ofAccounts: [Account.ID: Int] = [:]
        var total = 0
    }

    /// The maximum number of events for an account in an hour.
    static let perAccount = 10
    /// The maximum number of events for all accounts in an hour.
    static let total = 1000
    private let counts = Guarded(Counts())

    /// Counts a refusal and returns whether to record it.
    func allows(_ account: Account.ID, at now: Timestamp) -> Bool {
        counts.withLock { counts in
            let hour = now.seconds / 3600
            if counts.hour != hour { counts = Counts(hour: hour) }
            guard counts.total < Self.total,
                counts.ofAccounts[account, default: 0] < Self.perAccount
            else { return false }
            counts.total += 1
            counts.ofAccounts[account, default: 0] += 1
            return true
        }
    }
}

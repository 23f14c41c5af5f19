import Identity
import SplitMix

/// A random change of a few rows, the same for the same seed.
struct SampleChange: Sendable {
    static let maximumSessions = 3
    static let recorded = "recorded"
    let seed: UInt64

    /// Reads, decides and writes as the rules do.
    func apply(_ rows: any WritableRows) throws -> String {
        var random = SplitMix(state: seed)
        let email = "user\(Int.random(in: 1...5, using: &random))@example.com"
        let now = Timestamp(seconds: .random(in: 1_000...1_100, using: &random))
        let account = try rows.account(email: email)
        switch (Int.random(in: 0..<8, using: &random), account) {
        case (_, nil):
            return "added \(try rows.addSampleAccount(email: email).id)"
        case (0, let account?):
            try rows.removeAccount(id: account.id)
            return "removed \(account.id)"
        case (1...3, let account?):
            let ended = try rows.endSessions(
                of: account.id, keeping: Self.maximumSessions - 1, at: now)
            let id = Int64.random(in: 1 ... .max, using: &random)
            let isAdded = try rows.addSession(
                .sample(id: id, of: account, startedAt: now, expiresAt: Timestamp(seconds: 9_000)))
            return "session \(id) \(isAdded), ended \(ended.count)"
        case (4, let account?):
            let ended = try rows.endSessions(of: account.id, except: nil, at: now)
            return "ended \(ended.count)"
        case (5, _):
            let key = Int64.random(in: 1...20, using: &random)
            var failures =
                try rows.failureCounter(key) ?? FailureCounter(count: 0, lastAt: now, nextAt: now)
            failures.count += 1
            try rows.setFailureCounter(failures.count > 3 ? nil : failures, key)
            return "failures \(failures.count)"
        case (6, _):
            let purged = try rows.purgeFailures(before: Timestamp(seconds: 0), bound: 5, limit: 10)
            return "purged \(purged)"
        case (_, let account?):
            try rows.record(Event(.login, by: .owner, at: now, account: account.id))
            return Self.recorded
        }
    }
}

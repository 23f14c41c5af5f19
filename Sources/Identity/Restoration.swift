/// What becomes of a store that was put back from a backup, before it serves anybody.
///
/// A backup cannot know what happened after it was made: which of its sessions were ended, which
/// refresh tokens exchanged. Were its sessions to live, an ended one would be back, and a token that
/// was rotated away would be the newest again, whoever has kept it. So none of them lives.
///
/// Sessions that began later are not in it, and their tokens are refused as those of no session:
/// numbers of sessions are random, so none of them is ever given out again. Numbers of accounts and
/// people count up, and would be: to other programs, which know accounts by the number in a token,
/// somebody new would be somebody who is lost. So they go on from a number that no lost one can
/// have: the time in milliseconds, for nobody adds a thousand accounts a second for long.
public struct Restoration: Sendable {
    let store: any Store

    /// Makes the rules of a store that nothing else uses.
    public init(store: any Store) { self.store = store }

    /// Ends every session, leaves out numbers that may have been given out, and records both.
    ///
    /// - Parameters:
    ///   - backup: When the backup was made, in words for people.
    ///   - now: The time.
    /// - Returns: How many sessions have ended.
    /// - Throws: The store's own error.
    public func complete(fromBackupOf backup: String, at now: Timestamp) async throws -> Int {
        try await store.write { rows in
            try rows.reserveIDs(upTo: now.milliseconds)
            let ended = try rows.end(
                .all,
                recording: Event(
                    .sessionEnded, by: .operator, at: now, detail: Event.Kind.restored.rawValue))
            try rows.record(
                Event(
                    .restored, by: .operator, at: now,
                    detail: "backup of \(backup), sessions ended: \(ended)"))
            return ended
        }
    }
}

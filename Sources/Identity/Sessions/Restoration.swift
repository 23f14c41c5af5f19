/// Completes the restore of a store from a backup, before the store is used again.
///
/// A backup does not know what happened after it was made: which sessions were ended and which
/// refresh tokens were exchanged. If its sessions stayed live, an ended session would be valid
/// again, and so would a rotated refresh token that someone has kept. So all sessions end.
///
/// Sessions that began after the backup are not in it, and their tokens are refused because there
/// is no such session. Session numbers are random, so they are not reused. Account and person
/// numbers count up and would be reused: other programs, which identify an account by the number in
/// a token, would take a new account for a lost one. So numbering continues from a number that no
/// lost row can have, the time in milliseconds: no installation adds a thousand accounts a second
/// for long.
public struct Restoration: Sendable {
    let store: any Store

    /// Creates the rules for a store that nothing else uses.
    public init(store: any Store) { self.store = store }

    /// Ends every session, skips numbers that may already have been used, and records both.
    ///
    /// - Parameters:
    ///   - backup: When the backup was made, as text for people.
    ///   - now: The time.
    /// - Returns: The number of sessions that ended.
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

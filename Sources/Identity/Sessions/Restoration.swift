/// Completes the restore of a store from a backup, before the store is used again.
///
/// A backup does not contain what happened after it was made, such as which sessions were ended and
/// which refresh tokens were exchanged. If its sessions stayed live, an ended session would be
/// valid again, and so would a rotated refresh token that someone has kept. So all sessions are
/// ended.
///
/// Sessions that began after the backup are not in it. Their tokens are refused because the store
/// does not contain these sessions, and session IDs are random, so they are not reused. The IDs of
/// accounts and people are sequential and would be reused. Other programs identify an account by
/// the ID in a token and would mistake a new account for a lost one. So new IDs are greater than
/// the current time in milliseconds since 1970. No lost row can have such an ID, because no
/// installation adds a thousand accounts a second for long.
public struct Restoration: Sendable {
    let store: any Store

    /// Creates a restoration of a store that nothing else uses at the same time.
    public init(store: any Store) { self.store = store }

    /// Ends every session, skips IDs that may already have been used, and records events for the
    /// ended sessions and the restore.
    ///
    /// - Parameters:
    ///   - backup: The time when the backup was made, as text for the event.
    ///   - now: The current time.
    /// - Returns: The number of sessions that were ended.
    /// - Throws: An error thrown by the store.
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

import Identity

/// The statements of the table `events`.
struct EventStatements {
    let add: Statement
    let purge: Statement
    let oldest: Statement

    init(on connection: Connection) throws(SQLiteError) {
        add = try Statement(
            """
            INSERT INTO events (at, kind, actor, account_id, session_id, address, detail)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """, on: connection)
        // Numbers grow with time: the oldest are the first of the primary key.
        purge = try Statement(
            """
            DELETE FROM events WHERE id IN (SELECT id FROM events ORDER BY id LIMIT ?3)
            AND (at < ?1 OR id <= (SELECT max(id) FROM events) - ?2)
            """, on: connection)
        oldest = try Statement("SELECT min(id) FROM events", on: connection)
    }
}

extension SQLiteRows {
    func addEvent(_ event: Event) throws {
        let add = try eventStatements.add.bind(1, event.at.milliseconds)
            .bind(2, event.kind.rawValue).bind(3, event.actor.rawValue).bind(4, event.accountID)
            .bind(5, event.sessionID).bind(6, event.address).bind(7, event.detail)
        try change(with: add)
    }

    func purgeEvents(before moment: Timestamp, bound: Int, limit: Int) throws {
        try change(
            with: eventStatements.purge.bind(1, moment.milliseconds).bind(2, Int64(bound))
                .bind(3, Int64(max(limit, 0))))
    }

    func events(_ filter: Event.Filter) throws -> [Event] {
        []
    }
}

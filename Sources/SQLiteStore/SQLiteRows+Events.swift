import Identity

/// The prepared statements for the table `events`.
struct EventStatements {
    /// The columns that the queries for events return, in this order.
    enum Column: Int32 { case at, kind, actor, accountID, sessionID, address, detail }

    let add: Statement
    let newest: Statement
    let newestOfAccount: Statement
    let newestOfSession: Statement
    let purge: Statement

    init(on connection: Connection) throws(SQLiteError) {
        add = try Statement(
            """
            INSERT INTO events (at, kind, actor, account_id, session_id, address, detail)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """, on: connection)
        newest = try Statement(Self.newest(where: "TRUE"), on: connection)
        newestOfAccount = try Statement(Self.newest(where: "account_id = ?1"), on: connection)
        newestOfSession = try Statement(
            Self.newest(where: "session_id = ?2 AND (?1 IS NULL OR account_id = ?1)"),
            on: connection)
        // Only the events with the smallest IDs are examined, because they are the oldest. An event
        // from before the system clock was set back can delay the deletion of newer events, but the
        // bound on the number of events still holds. The bound counts IDs, so a gap between IDs
        // leaves fewer events than the bound allows.
        purge = try Statement(
            """
            DELETE FROM events WHERE id < (SELECT min(id) FROM events) + ?3
            AND (at < ?1 OR id <= (SELECT max(id) FROM events) - ?2)
            """, on: connection)
    }

    /// Returns the SQL of a query for the newest events that satisfy a condition.
    ///
    /// Each condition has a statement of its own, because a single statement for all conditions
    /// would have to read the whole table.
    private static func newest(where condition: String) -> String {
        """
        SELECT at, kind, actor, account_id, session_id, address, detail FROM events
        WHERE \(condition) AND (?3 IS NULL OR at >= ?3)
        AND (?4 IS NULL OR instr(?4, ',' || kind || ',')) ORDER BY id DESC LIMIT ?5
        """
    }
}

extension SQLiteRows {
    func events(_ filter: Event.Filter) throws -> [Event] {
        let statement =
            switch (filter.sessionID, filter.accountID) {
            case (_?, _): eventStatements.newestOfSession
            case (nil, _?): eventStatements.newestOfAccount
            case (nil, nil): eventStatements.newest
            }
        // SQLite cannot bind a list, so the kinds are bound as one string, each between two commas.
        // No kind contains a comma.
        let kinds = filter.kinds.map { kinds in kinds.map { ",\($0.rawValue)," }.joined() }
        let newest = try statement.bind(1, filter.accountID).bind(2, filter.sessionID)
            .bind(3, filter.since?.milliseconds).bind(4, kinds)
            .bind(5, Int64(max(filter.limit, 0)))
        var events: [Event] = []
        try newest.forEach { events.append(try Event($0)) }
        return events.reversed()
    }

    func record(_ event: Event) throws {
        let add = try eventStatements.add.bind(1, event.at.milliseconds)
            .bind(2, event.kind.rawValue).bind(3, event.actor.rawValue).bind(4, event.accountID)
            .bind(5, event.sessionID).bind(6, event.address).bind(7, event.detail)
        try change(with: add)
    }

    func purgeEvents(before moment: Timestamp, bound: Int, limit: Int) throws -> Int {
        let purge = try eventStatements.purge.bind(1, moment.milliseconds)
            .bind(2, Int64(max(bound, 0))).bind(3, Int64(max(limit, 0)))
        return Int(try change(with: purge))
    }
}

extension Event {
    fileprivate init(_ row: Row) throws {
        typealias Column = EventStatements.Column
        guard let kind = Kind(rawValue: row.text(Column.kind)) else {
            throw SQLiteStoreError.unknownValue(column: "events.kind")
        }
        guard let actor = Actor(rawValue: row.text(Column.actor)) else {
            throw SQLiteStoreError.unknownValue(column: "events.actor")
        }
        self.init(
            kind, by: actor, at: row.moment(Column.at),
            account: row.numberIfAny(Column.accountID),
            session: row.numberIfAny(Column.sessionID), address: row.text(Column.address),
            detail: row.text(Column.detail))
    }
}

import Identity

/// The statements of the table `events`.
struct EventStatements {
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
        // Only the first numbers are looked at, since the oldest events have them. One from before
        // the clock was set back may keep younger ones for longer, yet never beyond the bound;
        // and where one is missing that has gone before its turn, the bound is the smaller for it.
        purge = try Statement(
            """
            DELETE FROM events WHERE id < (SELECT min(id) FROM events) + ?3
            AND (at < ?1 OR id <= (SELECT max(id) FROM events) - ?2)
            """, on: connection)
    }

    /// A statement for each way to find events: one for all would have to read the whole table.
    private static func newest(where isCandidate: String) -> String {
        """
        SELECT at, kind, actor, account_id, session_id, address, detail FROM events
        WHERE \(isCandidate) AND (?3 IS NULL OR at >= ?3)
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
        // A list cannot be bound; no kind has a comma in it.
        let kinds = filter.kinds.map { kinds in kinds.map { ",\($0.rawValue)," }.joined() }
        let newest = try statement.bind(1, filter.accountID).bind(2, filter.sessionID)
            .bind(3, filter.since?.milliseconds).bind(4, kinds)
            .bind(5, Int64(max(filter.limit, 0)))
        var events: [Event] = []
        try newest.forEach { events.append(try Event($0)) }
        return events.reversed()
    }

    func addEvent(_ event: Event) throws {
        let add = try eventStatements.add.bind(1, event.at.milliseconds)
            .bind(2, event.kind.rawValue).bind(3, event.actor.rawValue).bind(4, event.accountID)
            .bind(5, event.sessionID).bind(6, event.address).bind(7, event.detail)
        try change(with: add)
    }

    func purgeEvents(before moment: Timestamp, bound: Int, limit: Int) throws {
        let purge = try eventStatements.purge.bind(1, moment.milliseconds)
            .bind(2, Int64(max(bound, 0))).bind(3, Int64(max(limit, 0)))
        try change(with: purge)
    }
}

extension Event {
    fileprivate init(_ row: Row) throws {
        guard let kind = Kind(rawValue: row.text(1)) else {
            throw SQLiteStoreError.unknownValue(column: "events.kind")
        }
        guard let actor = Actor(rawValue: row.text(2)) else {
            throw SQLiteStoreError.unknownValue(column: "events.actor")
        }
        self.init(
            kind, by: actor, at: row.moment(0), account: row.numberIfAny(3),
            session: row.numberIfAny(4), address: row.text(5), detail: row.text(6))
    }
}

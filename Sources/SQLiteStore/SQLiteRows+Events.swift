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
    let purgeKind: Statement
    let sessionsWithRefreshes: Statement
    let accountsWithMoreOfKind: Statement
    let purgeRefreshesOfSession: Statement
    let purgeKindOfAccount: Statement

    init(on connection: Connection) throws(SQLiteError) {
        add = try Statement(
            """
            INSERT INTO events (at, kind, actor, account_id, session_id, address, detail)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """, on: connection)
        newest = try Statement(
            "\(Self.events(where: "TRUE")) ORDER BY id DESC LIMIT ?5", on: connection)
        newestOfAccount = try Statement(Self.newest(where: "account_id = ?1"), on: connection)
        newestOfSession = try Statement(
            Self.newest(where: "session_id = ?2 AND (?1 IS NULL OR account_id = ?1)"),
            on: connection)
        // Only the events with the smallest IDs are examined, because they are the oldest. If the
        // system clock was set back, the events from before that have later times than newer
        // events. They can delay the deletion of the newer events.
        purge = try Statement(
            """
            DELETE FROM events WHERE id < (SELECT min(id) FROM events) + ?2 AND at < ?1
            """, on: connection)
        purgeKind = try Statement(
            Self.purge(where: "kind = ?1 AND kind <> \(Self.refresh)"), on: connection)
        sessionsWithRefreshes = try Statement(
            """
            SELECT session_id FROM events WHERE kind = \(Self.refresh) AND session_id IS NOT NULL
            GROUP BY session_id HAVING count(*) > ?1 LIMIT ?2
            """, on: connection)
        accountsWithMoreOfKind = try Statement(
            """
            SELECT account_id FROM events WHERE kind = ?3 AND account_id IS NOT NULL
            GROUP BY account_id HAVING count(*) > ?1 LIMIT ?2
            """, on: connection)
        purgeRefreshesOfSession = try Statement(
            Self.purge(where: "session_id = ?1 AND kind = \(Self.refresh)"), on: connection)
        purgeKindOfAccount = try Statement(
            Self.purge(where: "kind = ?4 AND account_id = ?1"), on: connection)
    }

    /// The kind `refresh`, whose events have an index of their own, as an SQL string literal.
    private static let refresh = "'\(Event.Kind.refresh.rawValue)'"

    /// Returns the SQL of a query for the newest events that satisfy a condition.
    ///
    /// Each condition has a statement of its own, because a single statement for all conditions
    /// would have to read the whole table. The indexes by account and by session exclude refreshes,
    /// so the query has two halves. SQLite reads each half from an index, in the order of that
    /// index, and merges the halves.
    private static func newest(where condition: String) -> String {
        """
        \(events(where: "kind <> \(refresh) AND \(condition)"))
        UNION ALL \(events(where: "kind = \(refresh) AND \(condition)"))
        ORDER BY id DESC LIMIT ?5
        """
    }

    private static func events(where condition: String) -> String {
        """
        SELECT at, kind, actor, account_id, session_id, address, detail, id FROM events
        WHERE \(condition) AND (?3 IS NULL OR at >= ?3)
        AND (?4 IS NULL OR instr(?4, ',' || kind || ','))
        """
    }

    /// Returns the SQL that deletes the oldest events that satisfy a condition: at most `?3` of
    /// them, and none of the newest `?2`.
    private static func purge(where condition: String) -> String {
        """
        DELETE FROM events WHERE id IN (
            SELECT id FROM events WHERE \(condition)
            AND id <= (SELECT id FROM events WHERE \(condition) ORDER BY id DESC LIMIT 1 OFFSET ?2)
            ORDER BY id LIMIT ?3)
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

    func sessions(withMoreRefreshesThan bound: Int, limit: Int) throws -> [Session.ID] {
        try numbers(eventStatements.sessionsWithRefreshes, bound, limit)
    }

    func accounts(
        withMoreThan bound: Int, of kind: Event.Kind, limit: Int
    ) throws -> [Account.ID] {
        let accounts = try eventStatements.accountsWithMoreOfKind.bind(3, kind.rawValue)
        return try numbers(accounts, bound, limit)
    }

    private func numbers(_ statement: Statement, _ bound: Int, _ limit: Int) throws -> [Int64] {
        var numbers: [Int64] = []
        try statement.bind(1, Int64(bound)).bind(2, Int64(max(limit, 0)))
            .forEach { numbers.append($0.number(0)) }
        return numbers
    }

    func purgeEvents(before moment: Timestamp, limit: Int) throws -> Int {
        let purge = try eventStatements.purge.bind(1, moment.milliseconds)
            .bind(2, Int64(max(limit, 0)))
        return Int(try change(with: purge))
    }

    func purgeEvents(of kind: Event.Kind, keeping bound: Int, limit: Int) throws -> Int {
        let purge = try eventStatements.purgeKind.bind(1, kind.rawValue)
        return try purgeEvents(purge, keeping: bound, limit: limit)
    }

    func purgeRefreshes(ofSession id: Session.ID, keeping bound: Int, limit: Int) throws -> Int {
        let purge = try eventStatements.purgeRefreshesOfSession.bind(1, id)
        return try purgeEvents(purge, keeping: bound, limit: limit)
    }

    func purgeEvents(
        of kind: Event.Kind, ofAccount id: Account.ID, keeping bound: Int, limit: Int
    ) throws -> Int {
        let purge = try eventStatements.purgeKindOfAccount.bind(1, id).bind(4, kind.rawValue)
        return try purgeEvents(purge, keeping: bound, limit: limit)
    }

    private func purgeEvents(_ purge: Statement, keeping bound: Int, limit: Int) throws -> Int {
        // Negative numbers become 0, because SQLite treats a negative LIMIT as no limit.
        Int(
            try change(
                with: purge.bind(2, Int64(max(bound, 0))).bind(3, Int64(max(limit, 0)))))
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

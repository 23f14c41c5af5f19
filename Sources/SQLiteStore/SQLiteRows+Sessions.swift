import Identity

/// The statements of the table `sessions`.
struct SessionStatements {
    let byID: Statement
    let add: Statement
    let update: Statement
    let end: Statement
    let purge: Statement

    init(on connection: Connection) throws(SQLiteError) {
        byID = try Statement(
            """
            SELECT sessions.id, account_id, started_at, expires_at, generation, rotated_at,
            ended_at, accounts.id, email, role, is_disabled, created_at
            FROM sessions JOIN accounts ON accounts.id = account_id WHERE sessions.id = ?1
            """, on: connection)
        add = try Statement(
            """
            INSERT INTO sessions
            (id, account_id, started_at, expires_at, generation, rotated_at, ended_at)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (id) DO NOTHING
            """, on: connection)
        update = try Statement(
            "UPDATE sessions SET generation = ?2, rotated_at = ?3, ended_at = ?4 WHERE id = ?1",
            on: connection)
        end = try Statement(
            "UPDATE sessions SET ended_at = ?2 WHERE account_id = ?1 AND ended_at IS NULL",
            on: connection)
        purge = try Statement(
            """
            DELETE FROM sessions WHERE id IN
            (SELECT id FROM sessions WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)
            """, on: connection)
    }
}

extension SQLiteRows {
    func session(id: Session.ID) throws -> (session: Session, account: Account)? {
        try sessionStatements.byID.bind(1, id).first { (Session($0), try Account($0, from: 7)) }
    }

    func addSession(_ session: Session) throws -> Bool {
        let add = try sessionStatements.add.bind(1, session.id).bind(2, session.accountID)
            .bind(3, session.startedAt.milliseconds).bind(4, session.expiresAt.milliseconds)
            .bind(5, session.generation).bind(6, session.rotatedAt.milliseconds)
            .bind(7, session.endedAt?.milliseconds)
        return try change(with: add) == 1
    }

    func updateSession(_ session: Session) throws {
        let update = try sessionStatements.update.bind(1, session.id).bind(2, session.generation)
            .bind(3, session.rotatedAt.milliseconds).bind(4, session.endedAt?.milliseconds)
        try changeRow(of: "sessions", with: update)
    }

    func endSessions(of account: Account.ID, at now: Timestamp) throws {
        try change(with: sessionStatements.end.bind(1, account).bind(2, now.milliseconds))
    }

    func purgeSessions(expiredBefore moment: Timestamp, limit: Int) throws {
        // SQLite takes a negative LIMIT for none.
        let purge = try sessionStatements.purge.bind(1, moment.milliseconds)
            .bind(2, Int64(max(limit, 0)))
        try change(with: purge)
    }
}

extension Session {
    /// Reads the columns of `SessionStatements.byID`.
    fileprivate init(_ row: Row) {
        self.init(
            id: row.number(0), accountID: row.number(1),
            startedAt: Timestamp(milliseconds: row.number(2)),
            expiresAt: Timestamp(milliseconds: row.number(3)), generation: row.number(4),
            rotatedAt: Timestamp(milliseconds: row.number(5)),
            endedAt: row.numberIfAny(6).map(Timestamp.init(milliseconds:)))
    }
}

import Identity

/// The statements of the table `sessions`.
struct SessionStatements {
    static let columns = """
        sessions.id, account_id, started_at, expires_at, ended_at, generation, parent,
        confirmed_at, rotated_at, handed_at, retry_key, seen_at, address, device
        """

    let byID: Statement
    let status: Statement
    let ofAccount: Statement
    let liveCount: Statement
    let add: Statement
    let update: Statement
    let endAllBut: Statement
    let endOldest: Statement
    let purge: Statement

    init(on connection: Connection) throws(SQLiteError) {
        byID = try Statement(
            """
            SELECT \(Self.columns), accounts.id, email, role, is_disabled, created_at
            FROM sessions JOIN accounts ON accounts.id = account_id WHERE sessions.id = ?1
            """, on: connection)
        status = try Statement(
            """
            SELECT expires_at, ended_at, generation, parent, confirmed_at IS NOT NULL,
            accounts.id, email, role, is_disabled, created_at
            FROM sessions JOIN accounts ON accounts.id = account_id WHERE sessions.id = ?1
            """, on: connection)
        ofAccount = try Statement(
            """
            SELECT \(Self.columns) FROM sessions
            WHERE account_id = ?1 AND ended_at IS NULL AND expires_at > ?2
            ORDER BY started_at DESC, id DESC
            """, on: connection)
        liveCount = try Statement(
            "SELECT count(*) FROM sessions WHERE ended_at IS NULL AND expires_at > ?1",
            on: connection)
        add = try Statement(
            """
            INSERT INTO sessions
            (id, account_id, started_at, expires_at, ended_at, generation, parent,
            confirmed_at, rotated_at, handed_at, retry_key, seen_at, address, device)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            ON CONFLICT (id) DO NOTHING
            """, on: connection)
        update = try Statement(
            """
            UPDATE sessions SET ended_at = ?5, generation = ?6, parent = ?7, confirmed_at = ?8,
            rotated_at = ?9, handed_at = ?10, retry_key = ?11, seen_at = ?12, address = ?13,
            device = ?14 WHERE id = ?1
            """, on: connection)
        endAllBut = try Statement(
            """
            UPDATE sessions SET ended_at = ?2
            WHERE account_id = ?1 AND ended_at IS NULL AND expires_at > ?2 AND id IS NOT ?3
            RETURNING id
            """, on: connection)
        endOldest = try Statement(
            """
            UPDATE sessions SET ended_at = ?2 WHERE id IN (
            SELECT id FROM sessions
            WHERE account_id = ?1 AND ended_at IS NULL AND expires_at > ?2
            ORDER BY started_at DESC, id DESC LIMIT -1 OFFSET ?3)
            RETURNING id
            """, on: connection)
        purge = try Statement(
            """
            DELETE FROM sessions WHERE id IN
            (SELECT id FROM sessions WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)
            """, on: connection)
    }
}

extension SQLiteRows {
    func session(id: Session.ID) throws -> (session: Session, account: Account)? {
        try sessionStatements.byID.bind(1, id).first { (Session($0), try Account($0, from: 14)) }
    }

    func status(of session: Session.ID) throws -> SessionStatus? {
        try sessionStatements.status.bind(1, session).first { row in
            SessionStatus(
                account: try Account(row, from: 5), expiresAt: row.moment(0),
                endedAt: row.momentIfAny(1), generation: row.number(2),
                previousGeneration: row.number(3),
                isConfirmed: row.number(4) != 0)
        }
    }

    func liveSessions(of account: Account.ID, at now: Timestamp) throws -> [Session] {
        var sessions: [Session] = []
        try sessionStatements.ofAccount.bind(1, account).bind(2, now.milliseconds)
            .forEach { sessions.append(Session($0)) }
        return sessions
    }

    func liveSessionCount(at now: Timestamp) throws -> Int64 {
        try sessionStatements.liveCount.bind(1, now.milliseconds).first { $0.number(0) } ?? 0
    }

    func addSession(_ session: Session) throws -> Bool {
        let add = try sessionStatements.add.bind(2, session.accountID)
            .bind(3, session.startedAt.milliseconds).bind(4, session.expiresAt.milliseconds)
        return try change(with: add.bind(changing: session)) == 1
    }

    func updateSession(_ session: Session) throws {
        try changeRow(of: "sessions", with: sessionStatements.update.bind(changing: session))
    }

    func endSessions(
        of account: Account.ID, except kept: Session.ID?, at now: Timestamp
    ) throws -> [Session.ID] {
        try numbers(
            changedWith: sessionStatements.endAllBut.bind(1, account).bind(2, now.milliseconds)
                .bind(3, kept))
    }

    func endSessions(
        of account: Account.ID, keeping count: Int, at now: Timestamp
    ) throws -> [Session.ID] {
        try numbers(
            changedWith: sessionStatements.endOldest.bind(1, account).bind(2, now.milliseconds)
                .bind(3, Int64(max(count, 0))))
    }

    func endAllSessions(at now: Timestamp) throws -> [(session: Session.ID, account: Account.ID)] {
        guard connection.isInTransaction else { throw SQLiteStoreError.transactionLost }
        // Once in the life of a database: not worth to be kept compiled.
        let endAll = try Statement(
            "UPDATE sessions SET ended_at = ?1 WHERE ended_at IS NULL RETURNING id, account_id",
            on: connection)
        var ended: [(session: Session.ID, account: Account.ID)] = []
        try endAll.bind(1, now.milliseconds).forEach {
            ended.append(($0.number(0), $0.number(1)))
        }
        return ended
    }

    func purgeSessions(expiredBefore moment: Timestamp, limit: Int) throws {
        // SQLite takes a negative LIMIT for none.
        let purge = try sessionStatements.purge.bind(1, moment.milliseconds)
            .bind(2, Int64(max(limit, 0)))
        try change(with: purge)
    }
}

extension Statement {
    /// Binds the number of a session and all that changes in its life.
    fileprivate func bind(changing session: Session) throws(SQLiteError) -> Statement {
        let family = session.family
        return try bind(1, session.id).bind(5, session.endedAt?.milliseconds)
            .bind(6, family.generation).bind(7, family.previousGeneration)
            .bind(8, family.firstUsedAt?.milliseconds).bind(9, family.rotatedAt.milliseconds)
            .bind(10, family.lastIssuedAt.milliseconds).bind(11, family.retryKey)
            .bind(12, session.seenAt.milliseconds).bind(13, session.client.address)
            .bind(14, session.client.device)
    }
}

extension Session {
    /// Reads `SessionStatements.columns`.
    fileprivate init(_ row: Row) {
        self.init(
            id: row.number(0), accountID: row.number(1), startedAt: row.moment(2),
            expiresAt: row.moment(3),
            family: RefreshTokenFamily(
                generation: row.number(5), previousGeneration: row.number(6),
                rotatedAt: row.moment(8),
                lastIssuedAt: row.moment(9), firstUsedAt: row.momentIfAny(7),
                retryKey: row.numberIfAny(10)),
            seenAt: row.moment(11), client: Client(address: row.text(12), device: row.text(13)),
            endedAt: row.momentIfAny(4))
    }
}

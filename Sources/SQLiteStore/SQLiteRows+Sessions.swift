import Identity

/// The prepared statements for the table `sessions`.
struct SessionStatements {
    /// The columns of a session, in the same order as in `Column`.
    static let columns = """
        sessions.id, account_id, started_at, expires_at, ended_at, generation, parent,
        confirmed_at, rotated_at, handed_at, retry_key, seen_at, address, device
        """

    /// The columns that `byID` returns, in this order: those of `columns`, then those of the
    /// account.
    enum Column: Int32 {
        case id, accountID, startedAt, expiresAt, endedAt, generation, previousGeneration
        case firstUsedAt, rotatedAt, lastIssuedAt, retryKey, seenAt, address, device, account
    }

    /// The columns that `status` returns, in this order; those of the account come last.
    enum StatusColumn: Int32 {
        case expiresAt, endedAt, generation, previousGeneration, isConfirmed, account
    }

    let byID: Statement
    let status: Statement
    let ofAccount: Statement
    let openCount: Statement
    let add: Statement
    let update: Statement
    let end: Statement
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
        // The order is that of the index sessions_alive, so SQLite does not have to sort the rows.
        ofAccount = try Statement(
            """
            SELECT \(Self.columns) FROM sessions
            WHERE account_id = ?1 AND ended_at IS NULL AND expires_at > ?2
            ORDER BY started_at DESC, expires_at DESC, id DESC
            """, on: connection)
        openCount = try Statement("SELECT number FROM sessions_count", on: connection)
        add = try Statement(
            """
            INSERT INTO sessions
            (id, account_id, started_at, expires_at, ended_at, generation, parent,
            confirmed_at, rotated_at, handed_at, retry_key, seen_at, address, device)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            ON CONFLICT (id) DO NOTHING
            """, on: connection)
        // This statement does not set ended_at, so it does not run the trigger that counts open
        // sessions. The statement `end` does.
        update = try Statement(
            """
            UPDATE sessions SET generation = ?6, parent = ?7, confirmed_at = ?8,
            rotated_at = ?9, handed_at = ?10, retry_key = ?11, seen_at = ?12, address = ?13,
            device = ?14 WHERE id = ?1
            """, on: connection)
        end = try Statement(
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
            ORDER BY started_at DESC, expires_at DESC, id DESC LIMIT -1 OFFSET ?3)
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
        try sessionStatements.byID.bind(1, id).first { row in
            (Session(row), try Account(row.from(SessionStatements.Column.account)))
        }
    }

    func status(of session: Session.ID) throws -> SessionStatus? {
        typealias Column = SessionStatements.StatusColumn
        return try sessionStatements.status.bind(1, session).first { row in
            SessionStatus(
                account: try Account(row.from(Column.account)),
                expiresAt: row.moment(Column.expiresAt),
                endedAt: row.momentIfAny(Column.endedAt),
                generation: row.number(Column.generation),
                previousGeneration: row.number(Column.previousGeneration),
                isConfirmed: row.number(Column.isConfirmed) != 0)
        }
    }

    func liveSessions(of account: Account.ID, at now: Timestamp) throws -> [Session] {
        var sessions: [Session] = []
        try sessionStatements.ofAccount.bind(1, account).bind(2, now.milliseconds)
            .forEach { sessions.append(Session($0)) }
        return sessions
    }

    func openSessionCount() throws -> Int64 {
        guard let count = try sessionStatements.openCount.first({ $0.number(0) }) else {
            throw SQLiteStoreError.missingRow(table: "sessions_count")
        }
        return count
    }

    func addSession(_ session: Session) throws -> Bool {
        let add = try sessionStatements.add.bind(2, session.accountID)
            .bind(3, session.startedAt.milliseconds).bind(4, session.expiresAt.milliseconds)
        return try change(with: add.bind(changing: session)) == 1
    }

    func updateSession(_ session: Session) throws {
        let statement =
            session.endedAt == nil ? sessionStatements.update : sessionStatements.end
        try changeRow(of: "sessions", with: statement.bind(changing: session))
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
        // This statement runs only once after a restore, so it is not kept prepared.
        let endAll = try Statement(
            "UPDATE sessions SET ended_at = ?1 WHERE ended_at IS NULL RETURNING id, account_id",
            on: connection)
        var ended: [(session: Session.ID, account: Account.ID)] = []
        try endAll.bind(1, now.milliseconds).forEach {
            ended.append(($0.number(0), $0.number(1)))
        }
        return ended
    }

    func purgeSessions(expiredBefore moment: Timestamp, limit: Int) throws -> Int {
        // A negative limit becomes 0, because SQLite treats a negative LIMIT as no limit.
        let purge = try sessionStatements.purge.bind(1, moment.milliseconds)
            .bind(2, Int64(max(limit, 0)))
        return Int(try change(with: purge))
    }
}

extension Statement {
    /// Binds the ID of a session and the columns that change during its lifetime.
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
    /// Reads a session from a row with the columns `SessionStatements.columns`.
    fileprivate init(_ row: Row) {
        typealias Column = SessionStatements.Column
        self.init(
            id: row.number(Column.id), accountID: row.number(Column.accountID),
            startedAt: row.moment(Column.startedAt), expiresAt: row.moment(Column.expiresAt),
            family: RefreshTokenFamily(
                generation: row.number(Column.generation),
                previousGeneration: row.number(Column.previousGeneration),
                rotatedAt: row.moment(Column.rotatedAt),
                lastIssuedAt: row.moment(Column.lastIssuedAt),
                firstUsedAt: row.momentIfAny(Column.firstUsedAt),
                retryKey: row.numberIfAny(Column.retryKey)),
            seenAt: row.moment(Column.seenAt),
            client: Client(address: row.text(Column.address), device: row.text(Column.device)),
            endedAt: row.momentIfAny(Column.endedAt))
    }
}

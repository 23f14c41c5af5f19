import Identity

/// The prepared statements for the tables `failures` and `known_networks`.
struct FailureCounterStatements {
    /// The columns that `byKey` returns, in this order.
    enum Column: Int32 { case count, lastAt, nextAt }

    let byKey: Statement
    let set: Statement
    let forget: Statement
    let count: Statement
    let purge: Statement
    let knownNetwork: Statement
    let setKnownNetwork: Statement
    let purgeKnownNetworks: Statement

    init(on connection: Connection) throws(SQLiteError) {
        byKey = try Statement(
            "SELECT count, last_at, next_at FROM failures WHERE key = ?1", on: connection)
        set = try Statement(
            """
            INSERT INTO failures (key, count, last_at, next_at) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (key) DO UPDATE SET count = ?2, last_at = ?3, next_at = ?4
            """, on: connection)
        forget = try Statement("DELETE FROM failures WHERE key = ?1", on: connection)
        count = try Statement("SELECT number FROM failures_count", on: connection)
        purge = try Statement(
            """
            DELETE FROM failures WHERE key IN
            (SELECT key FROM failures WHERE last_at < ?1 ORDER BY last_at LIMIT ?2)
            """, on: connection)
        knownNetwork = try Statement(
            "SELECT at FROM known_networks WHERE account_id = ?1 AND key = ?2", on: connection)
        setKnownNetwork = try Statement(
            """
            INSERT INTO known_networks (account_id, key, at) VALUES (?1, ?2, ?3)
            ON CONFLICT (account_id, key) DO UPDATE SET at = ?3
            """, on: connection)
        purgeKnownNetworks = try Statement(
            """
            DELETE FROM known_networks WHERE account_id = ?1 AND key NOT IN
            (SELECT key FROM known_networks WHERE account_id = ?1 ORDER BY at DESC LIMIT ?2)
            """, on: connection)
    }
}

extension SQLiteRows {
    func failureCounter(_ key: FailureCounter.Key) throws -> FailureCounter? {
        typealias Column = FailureCounterStatements.Column
        return try failureStatements.byKey.bind(1, key).first { row in
            FailureCounter(
                count: row.number(Column.count), lastAt: row.moment(Column.lastAt),
                nextAt: row.moment(Column.nextAt))
        }
    }

    func setFailureCounter(_ counter: FailureCounter?, _ key: FailureCounter.Key) throws {
        guard let counter else {
            try change(with: failureStatements.forget.bind(1, key))
            return
        }
        try change(
            with: failureStatements.set.bind(1, key).bind(2, counter.count)
                .bind(3, counter.lastAt.milliseconds).bind(4, counter.nextAt.milliseconds))
    }

    func knownNetwork(_ key: FailureCounter.Key, of account: Account.ID) throws -> Timestamp? {
        try failureStatements.knownNetwork.bind(1, account).bind(2, key).first { $0.moment(0) }
    }

    func setKnownNetwork(
        _ key: FailureCounter.Key, of account: Account.ID, at moment: Timestamp, keeping limit: Int
    ) throws {
        let isNew = try knownNetwork(key, of: account) == nil
        try change(
            with: failureStatements.setKnownNetwork.bind(1, account).bind(2, key)
                .bind(3, moment.milliseconds))
        guard isNew else { return }
        try change(
            with: failureStatements.purgeKnownNetworks.bind(1, account).bind(2, Int64(limit)))
    }

    func purgeFailures(before moment: Timestamp, bound: Int, limit: Int) throws -> Int {
        let limit = Int64(max(limit, 0))
        var purged = try purgeFailures(before: moment.milliseconds, limit: limit)
        guard let count = try failureStatements.count.first({ $0.number(0) }) else {
            throw SQLiteStoreError.missingRow(table: "failures_count")
        }
        let excess = min(count - Int64(max(bound, 0)), limit - purged)
        if excess > 0 { purged += try purgeFailures(before: .max, limit: excess) }
        return Int(purged)
    }

    private func purgeFailures(before moment: Int64, limit: Int64) throws -> Int64 {
        try change(with: failureStatements.purge.bind(1, moment).bind(2, limit))
    }
}

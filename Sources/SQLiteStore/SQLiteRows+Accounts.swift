import Identity

/// The prepared statements for the table `accounts`.
struct AccountStatements {
    /// The columns that every query for accounts returns, in this order.
    static let columns = "id, email, role, is_disabled, created_at"

    /// The columns that the string `columns` lists, in the same order.
    enum Column: Int32 { case id, email, role, isDisabled, createdAt }

    let byID: Statement
    let byEmail: Statement
    let hash: Statement
    let setHash: Statement
    let passwordTime: Statement
    let setPasswordTime: Statement
    let count: Statement
    let all: Statement
    let page: Statement
    let byAddress: Statement
    let byWord: Statement
    let add: Statement
    let update: Statement
    let remove: Statement

    init(on connection: Connection) throws(SQLiteError) {
        byID = try Statement("SELECT \(Self.columns) FROM accounts WHERE id = ?1", on: connection)
        // The query for the exact spelling comes first, because an account may lack the key of its
        // address: if another program has added it, or if it is from before there were keys and has
        // the same address as an older account.
        byEmail = try Statement(
            """
            SELECT \(Self.columns) FROM accounts WHERE email = ?1
            UNION ALL SELECT \(Self.columns) FROM accounts WHERE address_key = ?2 LIMIT 1
            """, on: connection)
        hash = try Statement(
            "SELECT password_hash FROM accounts WHERE id = ?1", on: connection)
        setHash = try Statement(
            "UPDATE accounts SET password_hash = ?2 WHERE id = ?1", on: connection)
        passwordTime = try Statement(
            "SELECT password_set_at FROM accounts WHERE id = ?1", on: connection)
        setPasswordTime = try Statement(
            "UPDATE accounts SET password_set_at = ?2 WHERE id = ?1", on: connection)
        count = try Statement("SELECT number FROM accounts_count", on: connection)
        all = try Statement("SELECT \(Self.columns) FROM accounts ORDER BY id", on: connection)
        page = try Statement(
            "SELECT \(Self.columns) FROM accounts WHERE id > ?1 ORDER BY id LIMIT ?2",
            on: connection)
        // Addresses are compared and sorted by the column's collation, NOCASE. SQLite sorts every
        // string before every blob, so the empty blob x'' is an upper bound of all addresses, for a
        // range that has no end.
        byAddress = try Statement(
            """
            SELECT \(Self.columns) FROM accounts
            WHERE email >= ?1 AND email < coalesce(?2, x'') ORDER BY email LIMIT ?3
            """, on: connection)
        // SQLite does not reorder the tables of a CROSS JOIN. So the words are read in their order,
        // and each account is found by its ID.
        byWord = try Statement(
            """
            SELECT accounts.id, email, role, is_disabled, created_at, word
            FROM accounts_by_word CROSS JOIN accounts ON accounts.id = accounts_by_word.id
            WHERE (word, accounts_by_word.id) > (?1, ?2) AND word < coalesce(?3, x'')
            ORDER BY word, accounts_by_word.id LIMIT ?4
            """, on: connection)
        add = try Statement(
            """
            INSERT INTO accounts
                (email, password_hash, role, is_disabled, created_at, password_set_at, address_key)
            VALUES (?1, ?2, ?3, 0, ?4, ?4, ?5) ON CONFLICT DO NOTHING
            """, on: connection)
        update = try Statement(
            "UPDATE accounts SET role = ?2, is_disabled = ?3 WHERE id = ?1",
            on: connection)
        remove = try Statement("DELETE FROM accounts WHERE id = ?1", on: connection)
    }
}

extension SQLiteRows {
    func account(id: Account.ID) throws -> Account? {
        try accountStatements.byID.bind(1, id).first { try Account($0) }
    }

    func account(email: String, addressKey: String) throws -> Account? {
        try accountStatements.byEmail.bind(1, email).bind(2, addressKey).first { try Account($0) }
    }

    func passwordHash(of account: Account.ID) throws -> String? {
        try accountStatements.hash.bind(1, account).first { $0.text(0) }
    }

    func passwordSetAt(of account: Account.ID) throws -> Timestamp? {
        try accountStatements.passwordTime.bind(1, account).first { $0.moment(0) }
    }

    func accountCount() throws -> Int {
        guard let count = try accountStatements.count.first({ $0.number(0) }) else {
            throw SQLiteStoreError.missingRow(table: "accounts_count")
        }
        return Int(count)
    }

    func accounts() throws -> [Account] {
        var accounts: [Account] = []
        try accountStatements.all.forEach { accounts.append(try Account($0)) }
        return accounts
    }

    func accounts(after id: Account.ID, limit: Int) throws -> [Account] {
        var accounts: [Account] = []
        let page = try accountStatements.page.bind(1, id).bind(2, Int64(limit))
        try page.forEach { accounts.append(try Account($0)) }
        return accounts
    }

    func accounts(in range: AddressRange, limit: Int) throws -> [Account] {
        var accounts: [Account] = []
        let page = try accountStatements.byAddress.bind(1, range.start).bind(2, range.end)
            .bind(3, Int64(limit))
        try page.forEach { accounts.append(try Account($0)) }
        return accounts
    }

    func accounts(
        in range: AddressWordRange, limit: Int
    ) throws -> [(word: String, account: Account)] {
        var accounts: [(word: String, account: Account)] = []
        let page = try accountStatements.byWord.bind(1, range.key).bind(2, range.id)
            .bind(3, range.end).bind(4, Int64(limit))
        try page.forEach { accounts.append(($0.text(Self.word), try Account($0))) }
        return accounts
    }

    /// The column of the word in the statement `byWord`, which follows the columns of the account.
    private static let word: Int32 = 5

    func addAccount(
        email: String, passwordHash: String, role: Role, createdAt: Timestamp
    ) throws -> Account {
        let add = try accountStatements.add.bind(1, email).bind(2, passwordHash)
            .bind(3, role.rawValue).bind(4, createdAt.milliseconds)
            .bind(5, Account.addressKey(of: email))
        guard try change(with: add) == 1 else { throw AuthError.emailTaken }
        return Account(
            id: connection.lastInsertedID, email: email, role: role, isDisabled: false,
            createdAt: createdAt)
    }

    func updateAccount(_ account: Account) throws {
        let update = try accountStatements.update.bind(1, account.id)
            .bind(2, account.role.rawValue).bind(3, account.isDisabled ? 1 : 0)
        try changeRow(of: "accounts", with: update)
    }

    func setPasswordHash(_ hash: String, of account: Account.ID) throws {
        let set = try accountStatements.setHash.bind(1, account).bind(2, hash)
        try changeRow(of: "accounts", with: set)
    }

    func setPasswordTime(_ moment: Timestamp, of account: Account.ID) throws {
        let set = try accountStatements.setPasswordTime.bind(1, account)
            .bind(2, moment.milliseconds)
        try changeRow(of: "accounts", with: set)
    }

    func removeAccount(id: Account.ID) throws {
        try change(with: accountStatements.remove.bind(1, id))
    }
}

extension Account {
    /// Reads an account from a row with the columns `AccountStatements.columns`.
    init(_ row: Row) throws {
        typealias Column = AccountStatements.Column
        guard let role = Role(rawValue: row.text(Column.role)) else {
            throw SQLiteStoreError.unknownValue(column: "accounts.role")
        }
        self.init(
            id: row.number(Column.id), email: row.text(Column.email), role: role,
            isDisabled: row.number(Column.isDisabled) != 0,
            createdAt: row.moment(Column.createdAt))
    }
}

/// An error of the store that SQLite itself does not report.
public enum SQLiteStoreError: Error, Equatable, CustomStringConvertible {
    /// The store has been closed.
    case closed
    /// The file was made by a newer version of this program.
    case newerDatabase(version: Int64, known: Int64)
    /// The file system does not support WAL mode, so the database is still in the journal mode
    /// `mode`.
    case noWriteAheadLog(mode: String)
    /// A full or failing disk has rolled the transaction back before it was committed.
    case transactionLost
    /// A required row is missing from this table.
    case missingRow(table: String)
    /// A row has a value in this column that this version of the program does not know.
    case unknownValue(column: String)

    /// Another process has the file open.
    case inUse
    /// The file is damaged, and this is the first problem that SQLite found.
    case damaged(finding: String)
    /// The file is a database without this table, so it is not Gatehouse's.
    case foreignDatabase(missing: String)

    /// The problem, described for system administrators.
    public var description: String {
        switch self {
        case .closed: "the store is closed"
        case .newerDatabase(let version, let known):
            "the database has version \(version), made by a newer gatehouse; "
                + "this one knows versions up to \(known)"
        case .noWriteAheadLog(let mode):
            "the file system cannot hold a write-ahead log (journal mode: \(mode))"
        case .transactionLost: "the transaction has been rolled back"
        case .missingRow(let table): "no such row in \(table)"
        case .unknownValue(let column): "unknown value in \(column)"
        case .inUse: "another process has the database open"
        case .damaged(let finding): "the database is damaged: \(finding)"
        case .foreignDatabase(let table): "it is not Gatehouse's: it has no table \(table)"
        }
    }
}

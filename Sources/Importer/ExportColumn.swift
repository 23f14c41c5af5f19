import Settings

/// The columns of one of the tables that are imported.
protocol ExportColumn: CaseIterable, Hashable, Sendable {
    /// What the Express backend calls it, for messages.
    var name: String { get }
    /// How it may be written, without regard to case, blanks and punctuation.
    var spellings: Set<String> { get }
    /// Whether each record must have it.
    var isRequired: Bool { get }
    /// Other columns of that table, which mean nothing here.
    static var leftOut: Set<String> { get }
}

/// A column of accounts.
enum UserColumn: ExportColumn {
    case email, password, role, disabled, createdAt

    var name: String { "\(self)" }

    var spellings: Set<String> {
        switch self {
        case .email: ["email", "emailaddress", "username"]
        case .password: ["password", "passwordhash", "hash"]
        case .role: ["role"]
        case .disabled: ["disabled", "isdisabled"]
        case .createdAt: ["createdat", "created"]
        }
    }

    var isRequired: Bool { self != .disabled && self != .createdAt }

    // Accounts get numbers of their own: nothing that the backend's clients know has the old ones.
    static let leftOut: Set = ["id", "userid", "refreshtoken", "updatedat"]
}

/// A column of people.
enum PersonColumn: ExportColumn {
    case id, firstName, lastName

    var name: String { "\(self)" }

    var spellings: Set<String> {
        switch self {
        case .id: ["id", "personid"]
        case .firstName: ["firstname"]
        case .lastName: ["lastname"]
        }
    }

    var isRequired: Bool { true }

    static let leftOut: Set = ["createdat", "updatedat"]
}

/// Which column each name of an export means.
struct ColumnNames<Column: ExportColumn> {
    private let ignored: Set<String>
    private var known: [String: Column?] = [:]

    /// Begins without a name.
    ///
    /// - Parameter ignored: Columns that the operator does not want.
    init(ignoring ignored: [String]) {
        self.ignored = Column.leftOut.union(ignored.map(\.folded))
    }

    /// The column of a name; `nil` for one that is left out.
    ///
    /// - Throws: `UnknownColumn`.
    mutating func column(of name: String) throws(UnknownColumn) -> Column? {
        if let column = known[name] { return column }
        let folded = name.folded
        // Ignored before it is known: whoever has two columns for one thing chooses.
        let column =
            ignored.contains(folded)
            ? nil : Column.allCases.first { $0.spellings.contains(folded) }
        guard column != nil || ignored.contains(folded) else { throw UnknownColumn(name: name) }
        known[name] = .some(column)
        return column
    }
}

/// A name that means no column.
struct UnknownColumn: Error, Equatable {
    let name: String

    var reason: String {
        guard isPlain else { return "has a column whose name means nothing here" }
        return """
            the column \(name.quoted) means nothing here; leave it out of the export, or write \
            --ignore \(name.contains(" ") ? name.quoted : name)
            """
    }

    // What is not plain may be anything, also an address: a file may lack its first line.
    private var isPlain: Bool {
        !name.isEmpty && name.utf8.count <= 40
            && name.utf8.allSatisfy { $0.isLetterOrDigit || [0x20, 0x2D, 0x5F].contains($0) }
    }
}

extension String {
    /// Without blanks and punctuation, A to Z in lower case.
    fileprivate var folded: String {
        let kept = utf8.filter { $0.isLetterOrDigit || $0 > 0x7F }
        return String(
            decoding: kept.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self & ~0x20)
    }
}

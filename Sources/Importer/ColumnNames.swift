/// Maps the column names of an export to columns.
struct ColumnNames<Column: ExportColumn> {
    private let ignored: Set<String>
    private var known: [String: Column?] = [:]

    /// Creates a mapping.
    ///
    /// - Parameter ignored: The names of columns that the operator wants to ignore.
    init(ignoring ignored: [String]) {
        self.ignored = Column.unused.union(ignored.map(\.folded))
    }

    /// The column with a name; `nil` if the column is ignored.
    ///
    /// - Throws: `UnknownColumn`.
    mutating func column(of name: String) throws(UnknownColumn) -> Column? {
        if let column = known[name] { return column }
        let folded = name.folded
        // Ignoring comes first: it lets the operator choose between two columns of one meaning.
        let column =
            ignored.contains(folded)
            ? nil : Column.allCases.first { $0.spellings.contains(folded) }
        guard column != nil || ignored.contains(folded) else { throw UnknownColumn(name: name) }
        known[name] = .some(column)
        return column
    }
}

extension String {
    /// The text without blanks and punctuation, with A to Z in lower case.
    fileprivate var folded: String {
        let kept = utf8.filter { $0.isLetterOrDigit || $0 > 0x7F }
        return String(
            decoding: kept.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}

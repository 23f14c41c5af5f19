/// Maps the column names of an export to columns.
struct ColumnNames<Column: ExportColumn> {
    private let ignored: Set<String>
    private var known: [String: Column?] = [:]

    /// Creates a mapping that ignores some columns.
    ///
    /// - Parameter ignored: The names of columns that the operator wants to ignore.
    init(ignoring ignored: [String]) {
        self.ignored = Column.unused.union(ignored.map(\.folded))
    }

    /// Returns the column called `name`; `nil` if the column is ignored.
    ///
    /// - Throws: `UnknownColumn` if the name is neither known nor ignored.
    mutating func column(of name: String) throws(UnknownColumn) -> Column? {
        if let column = known[name] { return column }
        let folded = name.folded
        // Check the ignored names first, so that the operator can ignore one of two columns that
        // have the same meaning.
        let column =
            ignored.contains(folded)
            ? nil : Column.allCases.first { $0.spellings.contains(folded) }
        guard column != nil || ignored.contains(folded) else { throw UnknownColumn(name: name) }
        known[name] = .some(column)
        return column
    }
}

extension String {
    /// The string without blanks and punctuation, and with A to Z in lower case.
    fileprivate var folded: String {
        let kept = utf8.filter { $0.isLetterOrDigit || $0 > 0x7F }
        return String(
            decoding: kept.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}

/// A column of an imported table; a conforming type lists all columns of one table.
protocol ExportColumn: CaseIterable, Hashable, Sendable {
    /// The column's name in the Express backend, for use in messages.
    var name: String { get }
    /// The accepted names of the column, in lower case without blanks and punctuation.
    var spellings: Set<String> { get }
    /// Whether every record must have a value in this column.
    var isRequired: Bool { get }
    /// The names of columns that are not imported, in lower case without blanks and punctuation.
    static var unused: Set<String> { get }
}

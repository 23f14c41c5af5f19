/// The columns of one of the imported tables.
protocol ExportColumn: CaseIterable, Hashable, Sendable {
    /// The name in the Express backend, for messages.
    var name: String { get }
    /// The accepted names, in lower case without blanks and punctuation.
    var spellings: Set<String> { get }
    /// Whether each record must have a value.
    var isRequired: Bool { get }
    /// The table's columns that are not imported, in lower case without punctuation.
    static var unused: Set<String> { get }
}

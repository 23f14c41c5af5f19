/// The position of an account or a person in an import file.
public struct ImportPlace: Equatable, Sendable {
    /// The line on which the record begins, counted from 1.
    public let line: Int
    /// The number of the record, counted from 1; `nil` if the line identifies the record.
    public let record: Int?

    /// Creates a position in an import file.
    public init(line: Int, record: Int? = nil) {
        self.line = line
        self.record = record
    }
}

/// The place of an account or a person in an imported file.
public struct ImportPlace: Equatable, Sendable {
    /// The line on which the record begins, counted from 1.
    public let line: Int
    /// The number of the record, counted from 1; `nil` if the line identifies it.
    public let record: Int?

    /// Creates a place.
    public init(line: Int, record: Int? = nil) {
        self.line = line
        self.record = record
    }
}

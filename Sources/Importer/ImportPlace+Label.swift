import Identity

extension ImportPlace {
    /// The place in messages: `line 7`, or `record 7 (line 1)` where a line may hold many records.
    var label: String { record.map { "record \($0) (line \(line))" } ?? "line \(line)" }
}

import Identity

extension ImportPlace {
    /// The place as messages show it, such as `line 7` in CSV or `record 7 (line 1)` in JSON.
    var label: String { record.map { "record \($0) (line \(line))" } ?? "line \(line)" }
}

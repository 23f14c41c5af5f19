/// The format of an export.
package enum ExportFormat: String, CaseIterable {
    case csv, json

    /// The format that the extension of a file's name stands for; `nil` if it is unknown.
    package init?(path: String) {
        switch path.split(separator: ".").last?.lowercased() {
        case "csv", "tsv", "txt": self = .csv
        case "json", "jsonl", "ndjson": self = .json
        default: return nil
        }
    }
}

/// The format of an export file.
package enum ExportFormat: String, CaseIterable {
    case csv, json

    /// Derives the format from the extension of a path; returns `nil` if the extension is unknown.
    package init?(path: String) {
        switch path.split(separator: ".").last?.lowercased() {
        case "csv", "tsv", "txt": self = .csv
        case "json", "jsonl", "ndjson": self = .json
        default: return nil
        }
    }
}

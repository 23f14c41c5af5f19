import Identity
import Settings

/// What is wrong with the files of an import: the first so many, and how many there are.
///
/// A line names a file, a line and a column, never what is there: that may be an address or a hash.
package struct ImportIssues {
    /// The first of them, each as a line of text.
    private(set) var lines: [String] = []
    /// How many there are.
    private(set) var count = 0

    package var isEmpty: Bool { count == 0 }

    /// How many are shown.
    static let most = 20

    /// Notes a problem.
    mutating func add(_ reason: String, at place: ImportPlace, of file: ExportFile) {
        count += 1
        guard lines.count < Self.most else { return }
        lines.append("\(file.name): \(place.words): \(reason)")
    }

    /// The lines, and how many more there are.
    package var report: String {
        let rest = count - lines.count
        return (lines + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: "\n")
    }
}

extension ImportPlace {
    /// Such as `line 7`, or `record 7 (line 1)` where records are no lines.
    var words: String { record.map { "record \($0) (line \(line))" } ?? "line \(line)" }
}

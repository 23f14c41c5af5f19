import Identity

/// The errors found in the files of an import: their number, and the first 20 as text.
///
/// A line names a file, a line and a column, but no value: a value may be an address or a hash.
package struct ImportIssues {
    /// The first errors, one line each.
    private(set) var lines: [String] = []
    /// The number of errors.
    private(set) var count = 0

    package var isEmpty: Bool { count == 0 }

    /// The maximum number of lines.
    static let maximumLines = 20

    /// Adds an error.
    mutating func add(_ reason: String, at place: ImportPlace, of file: ExportFile) {
        count += 1
        guard lines.count < Self.maximumLines else { return }
        lines.append("\(file.name): \(place.label): \(reason)")
    }

    /// The lines, and the number of errors that are not shown.
    package var report: String {
        let rest = count - lines.count
        return (lines + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: "\n")
    }
}

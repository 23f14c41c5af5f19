import Identity

/// Counts the errors found in the files of an import, and keeps messages about the first 20.
///
/// A message names a file, a line and a column, but never contains a value, because a value may be
/// an e-mail address or a password hash.
package struct ImportIssues {
    /// The messages about the first errors, one line each.
    private(set) var lines: [String] = []
    /// The number of all errors.
    private(set) var count = 0

    package var isEmpty: Bool { count == 0 }

    /// The maximum number of messages that are kept.
    static let maximumLines = 20

    /// Adds an error at a place in a file.
    mutating func add(_ reason: String, at place: ImportPlace, of file: ExportFile) {
        count += 1
        guard lines.count < Self.maximumLines else { return }
        lines.append("\(file.name): \(place.label): \(reason)")
    }

    /// The messages that were kept, followed by the number of the other errors.
    package var report: String {
        let rest = count - lines.count
        return (lines + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: "\n")
    }
}

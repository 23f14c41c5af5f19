import Settings

/// The error for a column name that Gatehouse does not know.
struct UnknownColumn: Error, Equatable {
    let name: String
    /// The number of the column in a CSV file, counted from 1; `nil` in JSON.
    var number: Int? = nil

    var reason: String {
        guard isSafeToShow else {
            return """
                has a column with an unknown name\(number.map { " (column \($0))" } ?? ""), which \
                is not shown because it may be a value; leave the \
                column out of the export, or add --ignore and its name
                """
        }
        return """
            the column \(name.quoted) is unknown; leave it out of the export, or add \
            --ignore \(name.contains(" ") ? name.quoted : name)
            """
    }

    // If a file lacks the line of column names, this "name" may in fact be a value, such as
    // someone's e-mail address or password hash.
    private var isSafeToShow: Bool {
        !name.isEmpty && name.utf8.count <= 40
            && name.utf8.allSatisfy { $0.isLetterOrDigit || [0x20, 0x2D, 0x5F].contains($0) }
    }
}

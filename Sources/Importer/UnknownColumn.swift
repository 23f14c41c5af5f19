import Settings

/// The error for a column name that Gatehouse does not know.
struct UnknownColumn: Error, Equatable {
    let name: String

    var reason: String {
        guard isSafeToShow else { return "has a column with an unknown name" }
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

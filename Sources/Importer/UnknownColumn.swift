import Settings

/// The error for a column name that no known column has.
struct UnknownColumn: Error, Equatable {
    let name: String

    var reason: String {
        guard isSafeToShow else { return "has a column with an unknown name" }
        return """
            the column \(name.quoted) is unknown; leave it out of the export, or add \
            --ignore \(name.contains(" ") ? name.quoted : name)
            """
    }

    // If a file lacks its first line, the "name" may be someone's address or hash.
    private var isSafeToShow: Bool {
        !name.isEmpty && name.utf8.count <= 40
            && name.utf8.allSatisfy { $0.isLetterOrDigit || [0x20, 0x2D, 0x5F].contains($0) }
    }
}

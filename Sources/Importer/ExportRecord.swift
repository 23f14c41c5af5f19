import Identity
import Settings

/// What an export has about one account or person.
struct ExportRecord<Column: ExportColumn> {
    let place: ImportPlace
    /// The values that are not NULL.
    var values: [Column: String] = [:]
}

/// Why a record, or all that follows, cannot be read.
///
/// It repeats nothing of what the file holds but names of columns.
struct Unreadable: Error, Equatable {
    let place: ImportPlace
    let reason: String
    /// Whether what follows cannot be read either.
    var isFinal = false
}

/// The longest record, in bytes: beyond it, a quote or a brace was never closed.
let longestRecord = 65_536

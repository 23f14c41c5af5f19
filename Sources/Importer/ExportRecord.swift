import Identity

/// The values of one account or person in an export.
struct ExportRecord<Column: ExportColumn> {
    let place: ImportPlace
    /// The values that are not NULL.
    var values: [Column: String] = [:]
}

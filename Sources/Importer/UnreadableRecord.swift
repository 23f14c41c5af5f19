import Identity

/// The error for a record that cannot be read.
///
/// The reason contains column names but no values: a value may be an address or a hash.
struct UnreadableRecord: Error, Equatable {
    let place: ImportPlace
    let reason: String
    /// Whether the records after it cannot be read either.
    var isFinal = false
}

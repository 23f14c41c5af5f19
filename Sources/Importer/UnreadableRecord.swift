import Identity

/// The error for a record that cannot be read.
///
/// The reason contains column names but no values, because a value may be an e-mail address or a
/// password hash.
struct UnreadableRecord: Error, Equatable {
    let place: ImportPlace
    let reason: String
    /// Whether the records after this one cannot be read either.
    var isFinal = false
}

/// The reason why a text is not a JSON object.
///
/// It contains nothing of the text, which may hold secrets.
public enum JSONError: Error, Equatable, Sendable {
    /// The text is not JSON.
    case malformed
    /// The text is well-formed, and an array.
    case array
    /// The text is well-formed, and a string, number, `true`, `false` or `null`.
    case scalar
}

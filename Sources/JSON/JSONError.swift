/// The reason why a text could not be read as a JSON object.
///
/// The error contains no part of the text, because the text may hold secrets.
public enum JSONError: Error, Equatable, Sendable {
    /// The text is not JSON.
    case malformed
    /// The text is well-formed, but it is an array.
    case array
    /// The text is well-formed, but it is a string, a number, `true`, `false` or `null`.
    case scalar
}

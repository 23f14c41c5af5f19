public import Text

/// An expected error of the directory, after which the client must change its request.
///
/// Nothing has been stored. Any other error that is thrown is an internal error.
public enum DirectoryError: Error, Equatable, Sendable {
    /// The input violates these rules.
    case invalid([TextRule.Violation])
    /// No entry of this kind, such as `Person`, has the requested ID.
    case notFound(String)
    /// The requested entry of this kind is not in the state that the client expected.
    case changed(String)
    /// The directory already has the maximum number of entries of this kind.
    case full(String, maximum: Int)
}

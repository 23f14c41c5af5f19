public import Text

/// An expected error of the directory: the client must change the request, and nothing was stored.
///
/// Any other error that is thrown is an internal error.
public enum DirectoryError: Error, Equatable, Sendable {
    /// The input breaks these rules.
    case invalid([TextRule.Violation])
    /// No entry of this kind, such as `Person`, has the requested number.
    case notFound(String)
    /// The entry of this kind is not in the state that the client expected to change.
    case changed(String)
    /// There are as many entries of this kind as there may be.
    case full(String, maximum: Int)
}

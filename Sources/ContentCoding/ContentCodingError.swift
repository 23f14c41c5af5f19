/// The reason why a body could not be decoded.
public enum ContentCodingError: Error, Equatable, Sendable {
    /// The bytes are not valid for the coding, or they are truncated.
    case malformed
    /// The decoded body would exceed the limit.
    case tooLarge
}

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
///
/// The module `Identity` does not read any clock. Its callers pass the current time.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64

    /// Creates a time from milliseconds since 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Creates a time from seconds since 1970-01-01T00:00:00Z (RFC 7519's NumericDate).
    public init(seconds: Int64) { milliseconds = seconds * 1000 }

    /// The whole seconds since 1970-01-01T00:00:00Z (RFC 7519's NumericDate).
    public var seconds: Int64 { milliseconds / 1000 }

    /// Whether the left time is before the right time.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

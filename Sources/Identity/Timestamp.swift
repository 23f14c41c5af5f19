/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
///
/// `Identity` reads no clock: whoever calls says what time it is.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64

    /// Makes a moment from milliseconds since 1970.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Makes a moment from seconds since 1970 (RFC 7519's NumericDate).
    public init(seconds: Int64) { milliseconds = seconds * 1000 }

    /// Whole seconds since 1970, without the fraction (RFC 7519's NumericDate).
    public var seconds: Int64 { milliseconds / 1000 }

    /// Whether one moment comes before another.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

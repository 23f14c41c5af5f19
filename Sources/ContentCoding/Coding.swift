/// A coding that a body may come in (RFC 9110, section 8.4.1).
///
/// The raw value is the name in `Content-Encoding`, in lower case; it is matched without regard to
/// case, which is the caller's to do.
public enum Coding: String, CaseIterable, Sendable {
    /// No coding: the bytes are the body.
    case identity
    /// The gzip format (RFC 1952), one member or several.
    case gzip
    /// The zlib format (RFC 1950); deflate data without its header is malformed.
    case deflate
    /// Brotli (RFC 7932).
    case brotli = "br"

    /// Undoes the coding, as far as the limit.
    ///
    /// What follows the end of the data is ignored, as Node.js does it; in gzip only from a zero
    /// byte on (padding), anything else must be a further member.
    ///
    /// The limit is the most bytes to return. That many, and one to tell more from just enough, are
    /// all the room that is ever taken for the result.
    ///
    /// - Throws: `.tooLarge` beyond the limit, `.malformed` for damaged or truncated data.
    public func decode(_ bytes: [UInt8], limit: Int) throws(ContentCodingError) -> [UInt8] {
        switch self {
        case .identity:
            guard bytes.count <= limit else { throw .tooLarge }
            return bytes
        case .gzip:
            return try bounded(by: limit) { inflate(bytes, into: $0, format: .gzip) }
        case .deflate:
            return try bounded(by: limit) { inflate(bytes, into: $0, format: .zlib) }
        case .brotli:
            return try bounded(by: limit) { decodeBrotli(bytes, into: $0) }
        }
    }
}

/// Why a body could not be decoded.
public enum ContentCodingError: Error, Equatable, Sendable {
    /// The bytes are not what the coding prescribes, or end too early.
    case malformed
    /// The result would be longer than the limit.
    case tooLarge
}

/// Gives the decoder room for one byte more than the limit, and judges by what it used.
///
/// The decoder fills the room from its start, and says how many bytes it wrote and whether the data
/// came to its end.
private func bounded(
    by limit: Int, _ decode: (UnsafeMutableBufferPointer<UInt8>) -> (count: Int, isComplete: Bool)
) throws(ContentCodingError) -> [UInt8] {
    var isComplete = false
    let bytes = [UInt8](unsafeUninitializedCapacity: max(limit, 0) + 1) { room, count in
        // The room may be more than was asked for.
        let result = decode(UnsafeMutableBufferPointer(rebasing: room[..<(max(limit, 0) + 1)]))
        count = result.count
        isComplete = result.isComplete
    }
    // The limit first: data that is cut where the room ended is not damaged.
    guard bytes.count <= limit else { throw .tooLarge }
    guard isComplete else { throw .malformed }
    return bytes
}

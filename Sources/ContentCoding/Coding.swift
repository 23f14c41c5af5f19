/// A content coding of a request body (RFC 9110, section 8.4.1).
///
/// The raw value is the name in `Content-Encoding`, in lower case. Names are case-insensitive, so the
/// caller must convert them to lower case first.
public enum Coding: String, CaseIterable, Sendable {
    /// No coding: the bytes are the body.
    case identity
    /// The gzip format (RFC 1952), one member or several.
    case gzip
    /// The zlib format (RFC 1950); deflate data without a zlib header is malformed.
    case deflate
    /// Brotli (RFC 7932).
    case brotli = "br"

    /// Decodes a body of up to `limit` bytes.
    ///
    /// Bytes after the end of the data are ignored, as in Node.js. With gzip this holds only for
    /// padding, which begins with a zero byte; other bytes must be another member.
    ///
    /// The buffer for the result has `limit` bytes and one more, which shows whether the limit is
    /// exceeded. So a small body cannot make the server allocate a large result.
    ///
    /// - Throws: `.tooLarge` if the result exceeds the limit, `.malformed` if the data is damaged or
    ///   truncated.
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

/// Runs a decoder with a buffer of one byte more than the limit, and checks how much of it was used.
///
/// The decoder returns how many bytes it wrote and whether it reached the end of the data.
private func bounded(
    by limit: Int, _ decode: (UnsafeMutableBufferPointer<UInt8>) -> (count: Int, isComplete: Bool)
) throws(ContentCodingError) -> [UInt8] {
    var isComplete = false
    let bytes = [UInt8](unsafeUninitializedCapacity: max(limit, 0) + 1) { buffer, count in
        // The buffer may be larger than requested.
        let result = decode(UnsafeMutableBufferPointer(rebasing: buffer[..<(max(limit, 0) + 1)]))
        count = result.count
        isComplete = result.isComplete
    }
    // Check the limit first: if the buffer is full, the data is incomplete but not damaged.
    guard bytes.count <= limit else { throw .tooLarge }
    guard isComplete else { throw .malformed }
    return bytes
}

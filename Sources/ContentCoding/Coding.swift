/// A content coding of a request body (RFC 9110, section 8.4.1).
///
/// The raw value is the name in `Content-Encoding`, in lower case. Names are case-insensitive, so
/// the caller must convert them to lower case first.
public enum Coding: String, CaseIterable, Sendable {
    /// No coding; the bytes are the body itself.
    case identity
    /// The gzip format (RFC 1952), with one or several members.
    case gzip
    /// The zlib format (RFC 1950); deflate data without a zlib header is malformed.
    case deflate
    /// Brotli (RFC 7932).
    case brotli = "br"

    /// Decodes a body whose decoded length is at most `limit` bytes.
    ///
    /// Bytes after the end of the data are ignored, as in Node.js. After a gzip member, bytes that
    /// begin with a zero byte are padding and are ignored. Any other bytes must be another member.
    ///
    /// The buffer for the result has one byte more than `limit`. If that byte is used, the limit is
    /// exceeded. So a small body cannot make the server allocate a large result.
    ///
    /// - Throws: `.tooLarge` if the result exceeds the limit, `.malformed` if the data is damaged
    ///   or truncated.
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

/// Runs a decoder with a buffer of one byte more than the limit, and checks how many bytes were
/// used.
///
/// The decoder returns how many bytes it wrote and whether it reached the end of the data.
private func bounded(
    by limit: Int, _ decode: (UnsafeMutableBufferPointer<UInt8>) -> (count: Int, isComplete: Bool)
) throws(ContentCodingError) -> [UInt8] {
    var isComplete = false
    let bytes = [UInt8](unsafeUninitializedCapacity: max(limit, 0) + 1) { buffer, count in
        // The buffer may be larger than requested, so pass on only the requested part.
        let result = decode(UnsafeMutableBufferPointer(rebasing: buffer[..<(max(limit, 0) + 1)]))
        count = result.count
        isComplete = result.isComplete
    }
    // Check the limit first. If the buffer is full, decoding is incomplete although the data may be
    // valid.
    guard bytes.count <= limit else { throw .tooLarge }
    guard isComplete else { throw .malformed }
    return bytes
}

import CZlib

/// Decodes zlib or gzip data until its end or until the buffer is full (zlib.h).
func inflate(
    _ bytes: [UInt8], into buffer: UnsafeMutableBufferPointer<UInt8>, format: ZlibFormat
) -> (count: Int, isComplete: Bool) {
    var stream = z_stream()
    // All calls use one pointer, because zlib refuses a stream that has moved since initialisation.
    return withUnsafeMutablePointer(to: &stream) { stream in
        bytes.withUnsafeBufferPointer { bytes in
            guard let available = UInt32(exactly: bytes.count),
                let free = UInt32(exactly: buffer.count),
                // The macro `inflateInit2` calls this function, which fails only if memory is
                // exhausted.
                inflateInit2_(
                    stream, format.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
                    == Z_OK
            else {
                return (0, false)
            }
            defer { inflateEnd(stream) }
            stream.pointee.next_in = bytes.baseAddress
            stream.pointee.avail_in = available
            stream.pointee.next_out = buffer.baseAddress
            stream.pointee.avail_out = free

            var isComplete = CZlib.inflate(stream, Z_FINISH) == Z_STREAM_END
            // A gzip file is a series of members (RFC 1952, section 2.2). After a member, a zero
            // byte begins padding, and any other byte begins the next member.
            while isComplete, format == .gzip, stream.pointee.avail_in > 0,
                stream.pointee.next_in.pointee != 0
            {
                isComplete =
                    inflateReset(stream) == Z_OK
                    && CZlib.inflate(stream, Z_FINISH) == Z_STREAM_END
            }
            return (buffer.count - Int(stream.pointee.avail_out), isComplete)
        }
    }
}

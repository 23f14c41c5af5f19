import CZlib

/// The formats around deflate data, as `inflateInit2` names them: 15 is the largest window.
enum ZlibFormat: Int32 {
    case zlib = 15
    case gzip = 31
}

/// Inflates as much as there is room for (zlib.h).
func inflate(
    _ bytes: [UInt8], into room: UnsafeMutableBufferPointer<UInt8>, format: ZlibFormat
) -> (count: Int, isComplete: Bool) {
    var stream = z_stream()
    // One pointer for all calls: zlib refuses a stream that has moved since its initialisation.
    return withUnsafeMutablePointer(to: &stream) { stream in
        bytes.withUnsafeBufferPointer { bytes in
            guard let available = UInt32(exactly: bytes.count),
                let free = UInt32(exactly: room.count),
                // The macro inflateInit2 is this call. It fails only for want of memory.
                inflateInit2_(
                    stream, format.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
                    == Z_OK
            else {
                return (0, false)
            }
            defer { inflateEnd(stream) }
            stream.pointee.next_in = bytes.baseAddress
            stream.pointee.avail_in = available
            stream.pointee.next_out = room.baseAddress
            stream.pointee.avail_out = free

            var isComplete = CZlib.inflate(stream, Z_FINISH) == Z_STREAM_END
            // RFC 1952, 2.2: a file is a series of members, one after the other.
            while isComplete, format == .gzip, stream.pointee.avail_in > 0,
                stream.pointee.next_in.pointee != 0
            {
                isComplete =
                    inflateReset(stream) == Z_OK
                    && CZlib.inflate(stream, Z_FINISH) == Z_STREAM_END
            }
            return (room.count - Int(stream.pointee.avail_out), isComplete)
        }
    }
}

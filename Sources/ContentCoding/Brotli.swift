import CBrotli

/// Decodes as much as there is room for (brotli/decode.h).
func decodeBrotli(
    _ bytes: [UInt8], into room: UnsafeMutableBufferPointer<UInt8>
) -> (count: Int, isComplete: Bool) {
    // Nil only for want of memory.
    guard let decoder = BrotliDecoderCreateInstance(nil, nil, nil) else { return (0, false) }
    defer { BrotliDecoderDestroyInstance(decoder) }
    return bytes.withUnsafeBufferPointer { bytes in
        var availableIn = bytes.count
        var nextIn = bytes.baseAddress
        var availableOut = room.count
        var nextOut = room.baseAddress
        let result = BrotliDecoderDecompressStream(
            decoder, &availableIn, &nextIn, &availableOut, &nextOut, nil)
        return (room.count - availableOut, result == BROTLI_DECODER_RESULT_SUCCESS)
    }
}

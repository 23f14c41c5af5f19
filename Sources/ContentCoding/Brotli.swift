import CBrotli

/// Decodes Brotli data until its end or until the buffer is full (brotli/decode.h).
func decodeBrotli(
    _ bytes: [UInt8], into buffer: UnsafeMutableBufferPointer<UInt8>
) -> (count: Int, isComplete: Bool) {
    // The function returns `nil` only if memory is exhausted.
    guard let decoder = BrotliDecoderCreateInstance(nil, nil, nil) else { return (0, false) }
    defer { BrotliDecoderDestroyInstance(decoder) }
    return bytes.withUnsafeBufferPointer { bytes in
        var availableIn = bytes.count
        var nextIn = bytes.baseAddress
        var availableOut = buffer.count
        var nextOut = buffer.baseAddress
        let result = BrotliDecoderDecompressStream(
            decoder, &availableIn, &nextIn, &availableOut, &nextOut, nil)
        return (buffer.count - availableOut, result == BROTLI_DECODER_RESULT_SUCCESS)
    }
}

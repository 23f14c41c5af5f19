/// The type and charset of a `Content-Type` field (RFC 9110, section 8.3.1).
struct MediaType {
    /// The type and subtype in lower case, such as `application/json`.
    let name: String
    /// The parameter `charset` in lower case; `nil` if it is missing or empty.
    let charset: String?

    /// Parses the value of a `Content-Type` field; `nil` if any part of it is malformed.
    ///
    /// As in Express, a body whose `Content-Type` has a malformed parameter has no type and is not
    /// read.
    init?(_ value: String) {
        let bytes = Array(value.utf8)
        var reader = Reader(bytes: bytes)
        let end = bytes.firstIndex(of: UInt8(ascii: ";")) ?? bytes.endIndex
        guard let name = Self.name(bytes[..<end]) else { return nil }
        self.name = name

        reader.index = end
        var charset = ""
        while true {
            guard reader.skipSeparators() else { return nil }
            if reader.isAtEnd { break }
            guard let parameter = reader.parameter() else { return nil }
            // If there are several parameters with the name `charset`, the last one counts.
            if parameter.name.lowercased() == "charset" {
                charset = parameter.value.lowercased()
            }
        }
        self.charset = charset.isEmpty ? nil : charset
    }

    private static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D).contains(byte) }
        let trimmed = bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        let parts = trimmed.split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isToken) })
        else { return nil }
        return String(decoding: trimmed, as: UTF8.self).lowercased()
    }
}

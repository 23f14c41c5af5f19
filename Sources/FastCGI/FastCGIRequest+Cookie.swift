import Glibc

extension FastCGIRequest {
    /// The value of a cookie (RFC 6265, section 5.4); `nil` when there is none of that name.
    ///
    /// Of two with one name the first counts: the one with the more specific path. Several `Cookie`
    /// fields are read as one, in their order. Quotes around the value are left out, and percent
    /// escapes in it are undone where they are well formed.
    public func cookie(_ name: StaticString) -> String? {
        parameters.withBytes(of: "HTTP_COOKIE") { field in
            var rest = field[...]
            while !rest.isEmpty {
                let end = rest.firstIndex(of: UInt8(ascii: ";"))
                let pair = rest[..<(end ?? rest.endIndex)]
                if let equals = pair.firstIndex(of: UInt8(ascii: "=")),
                    pair[..<equals].trimmed.equals(name)
                {
                    let value = pair[(equals + 1)...].trimmed.unquoted
                    return FastCGI.percentDecoded(value) ?? String(decoding: value, as: UTF8.self)
                }
                rest = end.map { rest[($0 + 1)...] } ?? rest[rest.endIndex...]
            }
            return nil
        }
    }

    /// A text with its percent escapes undone (RFC 3986, section 2.1); `nil` when one is malformed
    /// or they make no UTF-8.
    public static func percentDecoded(_ text: some StringProtocol) -> String? {
        var text = String(text)
        return text.withUTF8 { FastCGI.percentDecoded(UnsafeRawBufferPointer($0)[...]) }
    }
}

private func percentDecoded(_ text: Slice<UnsafeRawBufferPointer>) -> String? {
    let percent = UInt8(ascii: "%")
    guard var escape = text.firstIndex(of: percent) else {
        let bytes = UnsafeRawBufferPointer(rebasing: text)
        return String(validating: bytes.assumingMemoryBound(to: UInt8.self), as: UTF8.self)
    }
    var bytes = Array(text[..<escape])
    while escape < text.endIndex {
        guard escape + 2 < text.endIndex, let high = text[escape + 1].hexadecimalDigit,
            let low = text[escape + 2].hexadecimalDigit
        else { return nil }
        bytes.append(high << 4 | low)
        let rest = text[(escape + 3)...]
        escape = rest.firstIndex(of: percent) ?? text.endIndex
        bytes.append(contentsOf: rest[..<escape])
    }
    return String(validating: bytes, as: UTF8.self)
}

extension Slice<UnsafeRawBufferPointer> {
    /// What the standard library finds byte by byte, memchr(3) finds sixteen at a time.
    fileprivate func firstIndex(of byte: UInt8) -> Int? {
        let bytes = UnsafeRawBufferPointer(rebasing: self)
        guard let start = bytes.baseAddress, let found = memchr(start, Int32(byte), bytes.count)
        else { return nil }
        return startIndex + (UnsafeRawPointer(found) - start)
    }

    fileprivate func equals(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount,
            let start = UnsafeRawBufferPointer(rebasing: self).baseAddress
        else { return false }
        return memcmp(start, name.utf8Start, count) == 0
    }

    /// Without blanks and tabs at both ends.
    fileprivate var trimmed: Self {
        var rest = self
        while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest = rest.dropFirst() }
        while let byte = rest.last, byte == 0x20 || byte == 0x09 { rest = rest.dropLast() }
        return rest
    }

    fileprivate var unquoted: Self {
        let quote = UInt8(ascii: "\"")
        return count > 1 && first == quote && last == quote ? dropFirst().dropLast() : self
    }
}

extension UInt8 {
    fileprivate var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

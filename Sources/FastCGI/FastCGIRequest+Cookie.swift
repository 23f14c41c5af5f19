import Glibc

extension FastCGIRequest {
    /// Returns the value of a cookie (RFC 6265, section 5.4), or `nil` if there is no such cookie.
    ///
    /// Cookies with an empty value are ignored. If several cookies have the same name, the first
    /// one is used; `cookies` returns the others too. Several `Cookie` fields are searched in
    /// order, as if they were one field. Quotes around the value are removed, and percent escapes
    /// in the value are decoded if all of them are well formed.
    public func cookie(_ name: StaticString) -> String? {
        parameters.withBytes(of: "HTTP_COOKIE") { field in
            var rest = field[...]
            return rest.removeThroughValue(of: name)?.decoded
        }
    }

    /// Returns the values of the cookies with the given name, in the order in which they were sent.
    ///
    /// - Parameters:
    ///   - name: The name of the cookies.
    ///   - limit: The maximum number of values; the other values are ignored.
    /// - Returns: The values, decoded as `cookie` decodes them.
    public func cookies(_ name: StaticString, limit: Int) -> [String] {
        var values: [String] = []
        _ = parameters.withBytes(of: "HTTP_COOKIE") { field -> Void? in
            var rest = field[...]
            while values.count < limit, let value = rest.removeThroughValue(of: name) {
                values.append(value.decoded)
            }
            return nil
        }
        return values
    }

    /// Returns whether more than one cookie has the given name.
    ///
    /// No value is copied.
    public func hasSeveralCookies(_ name: StaticString) -> Bool {
        var count = 0
        return parameters.withBytes(of: "HTTP_COOKIE") { field -> Void? in
            var rest = field[...]
            while count < 2, rest.removeThroughValue(of: name) != nil { count += 1 }
            return count < 2 ? nil : ()
        } != nil
    }

    /// Decodes the percent escapes of a string (RFC 3986, section 2.1).
    ///
    /// - Returns: The decoded string, or `nil` if an escape is malformed or the result is not valid
    ///   UTF-8.
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
    /// Finds a byte with memchr(3), which is faster than the standard library.
    ///
    /// memchr(3) compares sixteen bytes at a time. The standard library compares one byte at a
    /// time.
    fileprivate func firstIndex(of byte: UInt8) -> Int? {
        let bytes = UnsafeRawBufferPointer(rebasing: self)
        guard let start = bytes.baseAddress, let found = memchr(start, Int32(byte), bytes.count)
        else { return nil }
        return startIndex + (UnsafeRawPointer(found) - start)
    }

    /// Removes the pairs up to and including the first cookie with this name whose value is not
    /// empty, and returns the value.
    fileprivate mutating func removeThroughValue(of name: StaticString) -> Self? {
        while !isEmpty {
            let end = firstIndex(of: UInt8(ascii: ";"))
            let pair = self[..<(end ?? endIndex)]
            self = end.map { self[($0 + 1)...] } ?? self[endIndex...]
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")),
                pair[..<equals].trimmed.equals(name),
                case let value = pair[(equals + 1)...].trimmed.unquoted, !value.isEmpty
            else { continue }
            return value
        }
        return nil
    }

    fileprivate var decoded: String {
        percentDecoded(self) ?? String(decoding: self, as: UTF8.self)
    }

    fileprivate func equals(_ name: StaticString) -> Bool {
        guard count == name.utf8CodeUnitCount,
            let start = UnsafeRawBufferPointer(rebasing: self).baseAddress
        else { return false }
        return memcmp(start, name.utf8Start, count) == 0
    }

    /// The bytes without the spaces and tabs at either end.
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

import HTTPTypes

extension Response {
    /// Adds a `Link` header field that points to the next page of a list (RFC 8288).
    ///
    /// The link has no scheme and no host, so clients use those of the request.
    ///
    /// - Parameters:
    ///   - path: The path of the list.
    ///   - query: The query parameters of the next page, not percent-encoded, in the order in which
    ///     they are to be written. Parameters whose value is `nil` are left out.
    mutating func link(toNext path: String, _ query: KeyValuePairs<String, String?>) {
        guard let link = HTTPField.Name("Link") else { return }
        let pairs = query.compactMap { name, value in
            value.map { "\(name)=\(percentEncoded($0))" }
        }
        fields[link] = "<\(path)?\(pairs.joined(separator: "&"))>; rel=\"next\""
    }
}

extension Response {
    /// Adds an `X-Total-Count` header field with the length of the whole list.
    mutating func count(_ total: Int) {
        guard let name = HTTPField.Name("X-Total-Count") else { return }
        fields[name] = "\(total)"
    }
}

/// The string in percent-encoding, except for unreserved characters (RFC 3986, section 2.3).
private func percentEncoded(_ text: String) -> String {
    var encoded: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            encoded.append(byte)
        default:
            encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: encoded, as: UTF8.self)
}

extension Client {
    /// The network of the client's IP address.
    ///
    /// For IPv6, it is the first 64 bits of the address (RFC 4291, section 2.5.4). One customer of
    /// a provider controls such a network, and this way gains nothing by changing addresses within
    /// it. For IPv4, it is the whole address. Any other string is returned unchanged.
    var network: String {
        guard let groups = Self.groups(ofIPv6: address) else { return address }
        // An IPv4-mapped address (RFC 4291, section 2.5.5.2) counts as an IPv4 address.
        if groups[..<6] == [0, 0, 0, 0, 0, 0xFFFF] {
            return groups[6...].map { "\($0 >> 8).\($0 & 0xFF)" }.joined(separator: ".")
        }
        return groups[..<4].map { String($0, radix: 16) }.joined(separator: ":") + "::/64"
    }

    /// Parses the eight groups of an IPv6 address (RFC 4291, section 2.2); `nil` for anything else.
    private static func groups(ofIPv6 address: String) -> [UInt16]? {
        let colon = UInt8(ascii: ":")
        var parts = address.utf8.split(separator: colon, omittingEmptySubsequences: false)
        guard parts.count > 2 else { return nil }
        // `::` results in one empty part, or in two if it is at the beginning or the end.
        if parts.first?.isEmpty == true {
            parts.removeFirst()
            guard parts.first?.isEmpty == true else { return nil }
        }
        if parts.last?.isEmpty == true {
            parts.removeLast()
            guard parts.last?.isEmpty == true else { return nil }
        }

        var groups: [UInt16] = []
        var gap: Int?
        for (index, part) in parts.enumerated() {
            if part.isEmpty {
                guard gap == nil else { return nil }
                gap = groups.count
            } else if let group = number(part, radix: 16, digits: 4) {
                groups.append(group)
            } else if index == parts.count - 1, let pair = Self.groups(ofIPv4: part) {
                groups += pair
            } else {
                return nil
            }
        }
        guard let gap else { return groups.count == 8 ? groups : nil }
        guard groups.count < 8 else { return nil }
        groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
        return groups
    }

    private static func groups(ofIPv4 text: Substring.UTF8View) -> [UInt16]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let bytes = parts.compactMap { number($0, radix: 10, digits: 3) }
        guard parts.count == 4, bytes.count == 4, bytes.allSatisfy({ $0 < 256 }) else { return nil }
        return [bytes[0] << 8 | bytes[1], bytes[2] << 8 | bytes[3]]
    }

    /// Parses a number of 1 to `digits` digits without a sign; `nil` for anything else.
    private static func number(
        _ text: Substring.UTF8View, radix: Int, digits: Int
    ) -> UInt16? {
        guard 1...digits ~= text.count, text.first != UInt8(ascii: "+") else { return nil }
        return UInt16(Substring(text), radix: radix)
    }
}

extension Client {
    /// The networks that contain the client's IP address, the narrowest first.
    ///
    /// For IPv6, they are the first 64, 56 and 48 bits of the address. A provider gives one
    /// customer a network of one of these sizes (RFC 6177, section 2), and the customer can use
    /// every address in it. For IPv4, there is one network, which is the whole address. Any other
    /// string is returned unchanged.
    package var networks: [String] {
        guard let groups = Self.groups(ofIPv6: address) else { return [address] }
        // An IPv4-mapped address (RFC 4291, section 2.5.5.2) counts as an IPv4 address.
        if groups[..<6] == [0, 0, 0, 0, 0, 0xFFFF] {
            return [groups[6...].map { "\($0 >> 8).\($0 & 0xFF)" }.joined(separator: ".")]
        }
        let home = groups[..<3] + [groups[3] & 0xFF00]
        return [Self.text(groups[..<4], 64), Self.text(home, 56), Self.text(groups[..<3], 48)]
    }

    /// The widest of `networks`.
    package var widestNetwork: String { networks.last ?? address }

    private static func text(_ groups: ArraySlice<UInt16>, _ length: Int) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":") + "::/\(length)"
    }

    /// Parses the eight groups of an IPv6 address (RFC 4291, section 2.2); `nil` for anything else.
    private static func groups(ofIPv6 address: String) -> [UInt16]? {
        let colon = UInt8(ascii: ":")
        var parts = address.utf8.split(separator: colon, omittingEmptySubsequences: false)
        guard parts.count > 2 else { return nil }
        // The split turns `::` into one empty part, or into two at the beginning or the end.
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

import Cryptography

/// A position in a list of people sorted by name, after a person who may no longer exist.
///
/// A cursor holds the person's sort key, not only the ID. So a list continues where it stopped,
/// even if people are added or removed in the meantime.
public struct PeopleCursor: Equatable, Sendable {
    let order: NameOrder
    let key: String
    let id: Person.ID

    init(_ order: NameOrder, key: String, id: Person.ID) {
        self.order = order
        self.key = key
        self.id = id
    }

    /// Creates the position before all keys with a prefix.
    init(before prefix: String, in order: NameOrder) {
        // IDs start at 1, and no key with the prefix sorts before the prefix itself.
        self.init(order, key: prefix, id: 0)
    }

    /// Parses the string form of a cursor; returns `nil` if the string is not a cursor.
    init?(_ text: String) {
        guard let bytes = Base64URL.decode(text.utf8.span), bytes.count >= 9,
            let order = NameOrder(rawValue: Int64(bytes[0])),
            let key = String(validating: bytes[9...], as: UTF8.self)
        else { return nil }
        let id = bytes[1..<9].reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        guard id <= Int64.max else { return nil }
        self.init(order, key: key, id: Int64(id))
    }

    /// The cursor as a string of letters, digits, `-` and `_`.
    public var text: String {
        var bytes = [UInt8(order.rawValue)]
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: id >> shift))
        }
        bytes += key.utf8
        var text: [UInt8] = []
        Base64URL.append(bytes.span, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

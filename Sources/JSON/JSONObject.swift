/// The members of an object, in the order in which their names first appeared.
///
/// Names are compared by their bytes: `String.==` holds canonically equivalent names for one,
/// and a body could then speak of `password` under a name that is another to everyone else.
public struct JSONObject: Sendable {
    /// A name with its value.
    public struct Member: Equatable, Sendable {
        /// The name, possibly empty; `__proto__` is a name like any other.
        public let name: String
        /// The value that was given last under the name.
        public fileprivate(set) var value: JSONValue
    }

    /// The members; no name twice.
    public private(set) var members: [Member] = []

    /// Where each name is, kept only once there are so many that a look at each would be slow.
    private var places: [ExactName: Int] = [:]

    /// Makes an object without members, but with room for as many as most objects have.
    init() { members.reserveCapacity(8) }

    /// Reads an object from the whole of a JSON text (RFC 8259), as JavaScript's `JSON.parse`.
    ///
    /// Of a name given twice the last value counts, in the place of the first. Bytes that are not
    /// UTF-8 become U+FFFD, and so do lone surrogate escapes, which JavaScript would keep. Depth is
    /// not limited: it costs one byte of heap a level and no stack. A byte order mark is malformed.
    ///
    /// - Throws: What the text is instead of an object.
    public init(_ text: Span<UInt8>) throws(JSONError) {
        var reader = JSONReader()
        self = try reader.readObject(text)
    }

    /// The value of a name, if it was given.
    public subscript(name: String) -> JSONValue? {
        place(of: name).map { members[$0].value }
    }

    mutating func set(_ name: String, to value: JSONValue) {
        if let place = place(of: name) {
            members[place].value = value
            return
        }
        members.append(Member(name: name, value: value))
        if members.count == Self.fewMembers + 1 {
            for (place, member) in members.enumerated() {
                places[ExactName(text: member.name)] = place
            }
        } else if members.count > Self.fewMembers {
            places[ExactName(text: name)] = members.count - 1
        }
    }

    private func place(of name: String) -> Int? {
        let name = ExactName(text: name)
        guard members.count <= Self.fewMembers else { return places[name] }
        return members.firstIndex { ExactName(text: $0.name) == name }
    }

    private static let fewMembers = 16
}

/// A name that equals only what is written with the same bytes.
private struct ExactName: Hashable, Sendable {
    let text: String

    static func == (left: Self, right: Self) -> Bool {
        // Not by `String.==` first: it normalises, in a time quadratic in a run of combining marks.
        left.text.utf8.count == right.text.utf8.count
            && left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

/// A JSON object, with its members in the order in which their names first appeared.
///
/// Names are compared byte by byte. `String.==` would treat canonically equivalent names as equal,
/// so two names could be the same for this parser and different for every other parser.
public struct JSONObject: Sendable {
    /// A member of an object: a name and its value.
    public struct Member: Equatable, Sendable {
        /// The name.
        ///
        /// It may be empty, and `__proto__` has no special meaning.
        public let name: String
        /// The value.
        ///
        /// If the name was given several times, this is the last value.
        public fileprivate(set) var value: JSONValue
    }

    /// The members; each name occurs once.
    public private(set) var members: [Member] = []

    /// The index in `members` of each name, used if there are too many members for a linear search.
    private var indices: [ExactName: Int] = [:]

    /// Makes an empty object, with capacity for a typical number of members.
    init() { members.reserveCapacity(8) }

    /// Parses a JSON text (RFC 8259) that is an object, as JavaScript's `JSON.parse` does.
    ///
    /// If a name is given twice, the last value is used, at the position of the first one. Bytes
    /// that are not UTF-8 become U+FFFD, and so do lone surrogate escapes, which JavaScript would
    /// keep. The nesting depth is not limited, because each level costs one byte of heap and no
    /// stack. A text that begins with a byte order mark is malformed.
    ///
    /// - Throws: `JSONError`, if the text is not an object.
    public init(_ text: Span<UInt8>) throws(JSONError) {
        var reader = JSONReader()
        self = try reader.readObject(text)
    }

    /// The value of the member with this name, or `nil` if the object has no such member.
    public subscript(name: String) -> JSONValue? {
        index(of: name).map { members[$0].value }
    }

    mutating func set(_ name: String, to value: JSONValue) {
        if let index = index(of: name) {
            members[index].value = value
            return
        }
        members.append(Member(name: name, value: value))
        if members.count == Self.maximumLinearSearch + 1 {
            for (index, member) in members.enumerated() {
                indices[ExactName(text: member.name)] = index
            }
        } else if members.count > Self.maximumLinearSearch {
            indices[ExactName(text: name)] = members.count - 1
        }
    }

    private func index(of name: String) -> Int? {
        let name = ExactName(text: name)
        guard members.count <= Self.maximumLinearSearch else { return indices[name] }
        return members.firstIndex { ExactName(text: $0.name) == name }
    }

    private static let maximumLinearSearch = 16

    /// A name that equals only names with the same bytes.
    private struct ExactName: Hashable, Sendable {
        let text: String

        static func == (left: Self, right: Self) -> Bool {
            // Avoid `String.==`. It normalises, which takes quadratic time for many combining
            // marks.
            left.text.utf8.count == right.text.utf8.count
                && left.text.utf8.elementsEqual(right.text.utf8)
        }

        func hash(into hasher: inout Hasher) {
            for byte in text.utf8 { hasher.combine(byte) }
        }
    }
}

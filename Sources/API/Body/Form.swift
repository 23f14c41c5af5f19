/// The fields of a form (`application/x-www-form-urlencoded`), read as qs 6.14 does.
///
/// Brackets build objects and arrays (`a[b]=c`, `a[]=c`). Only their name at the root is kept,
/// because every rule accepts only strings.
struct Form {
    private(set) var fields: [RequestBody.Field] = []
    private var places: [[UInt8]: Int] = [:]

    private static let maximumParameters = 1_000
    private static let maximumDepth = 32

    init(_ bytes: [UInt8], _ charset: Charset) throws(APIError) {
        // A Latin-1 body is converted at the end: until then, each byte is a character.
        let bytes = charset == .latin1 ? bytes : Self.repaired(charset.utf8(bytes))
        guard !bytes.isEmpty else { return }
        let text = Self.withPlainBrackets(bytes)
        let parameters = text.split(
            separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        guard parameters.count <= Self.maximumParameters else { throw .bodyTooLarge }

        for (key, values) in Self.grouped(parameters, charset) where !key.isEmpty {
            try add(values, under: key)
        }
        fields = fields.inOrderOfJavaScript()
    }

    /// Adds the field that one key defines, with all values of the key.
    private mutating func add(
        _ values: [String], under key: [UInt8]
    ) throws(APIError) {
        let groups = Self.bracketGroups(of: key)
        guard groups.count <= Self.maximumDepth else { throw .malformedBody }
        let parent = key[..<(groups.first?.lowerBound ?? key.endIndex)]
        if parent.isEmpty, let first = groups.first, first.count == 2 {
            // `[]=a` at the root: the indices of the list become names of the object. Values
            // nested there are not read, though qs may flatten them: no rule has a field whose
            // name is a number.
            if groups.count > 1 {
                merge(.other(isTruthy: true), into: Array("0".utf8))
            } else {
                for (place, value) in values.enumerated() {
                    merge(.string(value), into: Array(String(place).utf8))
                }
            }
            return
        }
        let name =
            parent.isEmpty ? groups.first.map { key[$0].dropFirst().dropLast() } ?? [] : parent
        let isNested = groups.count > (parent.isEmpty ? 1 : 0)
        if !isNested, values.count == 1 {
            merge(.string(values[0]), into: Array(name))
        } else {
            merge(.other(isTruthy: true), into: Array(name))
        }
    }

    /// Adds a value, or merges it into the value of another spelling of the name.
    private mutating func merge(_ value: RequestBody.Value, into name: [UInt8]) {
        // qs drops a member with this name, because it would change the object's prototype.
        guard !name.elementsEqual("__proto__".utf8) else { return }
        if let place = places[name] {
            if case .string(let text) = value, text.isEmpty { return }
            fields[place].value = .other(isTruthy: true)
        } else {
            places[name] = fields.count
            let name = String(decoding: name, as: UTF8.self)
            fields.append(RequestBody.Field(name: name, value: value))
        }
    }

    /// The decoded values of each key, in the order in which the keys first appear.
    private static func grouped(
        _ parameters: [ArraySlice<UInt8>], _ charset: Charset
    ) -> [(key: [UInt8], values: [String])] {
        var groups: [(key: [UInt8], values: [String])] = []
        var places: [[UInt8]: Int] = [:]
        for parameter in parameters {
            let split = separator(of: parameter)
            let key = Array(decoded(parameter[..<(split ?? parameter.endIndex)], charset).utf8)
            let value = decoded(split.map { parameter[$0...].dropFirst() } ?? [], charset)
            if let place = places[key] {
                groups[place].values.append(value)
            } else {
                places[key] = groups.count
                groups.append((key, [value]))
            }
        }
        return groups
    }

    /// The index of the `=` that ends the key: that of the first `]=`, else the first `=`.
    private static func separator(of parameter: ArraySlice<UInt8>) -> Int? {
        zip(parameter.indices, parameter.indices.dropFirst()).first { bracket, equals in
            parameter[bracket] == UInt8(ascii: "]") && parameter[equals] == UInt8(ascii: "=")
        }?.1 ?? parameter.firstIndex(of: UInt8(ascii: "="))
    }

    /// The ranges of `[…]` that contain no other bracket.
    private static func bracketGroups(of key: [UInt8]) -> [Range<Int>] {
        var groups: [Range<Int>] = []
        var start: Int?
        for (index, byte) in key.enumerated() {
            if byte == UInt8(ascii: "[") {
                start = index
            } else if byte == UInt8(ascii: "]"), let opened = start {
                groups.append(opened..<(index + 1))
                start = nil
            }
        }
        return groups
    }
}

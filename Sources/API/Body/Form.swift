/// The fields of a form, whose media type is `application/x-www-form-urlencoded`.
///
/// Forms are read as the npm package qs 6.14 reads them. Brackets build objects and arrays
/// (`a[b]=c`, `a[]=c`). Of an object or array, only the top-level name (`a`) is kept, because no
/// field of the API accepts an object or an array.
struct Form {
    private(set) var fields: [RequestBody.Field] = []
    private var places: [[UInt8]: Int] = [:]

    private static let maximumParameters = 1_000
    private static let maximumDepth = 32

    init(_ bytes: [UInt8], _ charset: Charset) throws(APIError) {
        // A Latin-1 body is converted when its keys and values are decoded. Until then, each byte
        // is one character.
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

    /// Adds the field that a key defines, with all values of the key.
    private mutating func add(
        _ values: [String], under key: [UInt8]
    ) throws(APIError) {
        let groups = Self.bracketGroups(of: key)
        guard groups.count <= Self.maximumDepth else { throw .malformedBody }
        let parent = key[..<(groups.first?.lowerBound ?? key.endIndex)]
        if parent.isEmpty, let first = groups.first, first.count == 2 {
            // A key such as `[]` has no name before its brackets, so qs makes a list of the values
            // and uses the indices of the list as names of fields. Nested values in such a list are
            // not read, although qs may flatten them, because no field of the API has a number as
            // its name.
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

    /// Adds a field, or merges the value into the field that another key with the same name added.
    ///
    /// For example, the keys `a` and `a[]` have the same name.
    private mutating func merge(_ value: RequestBody.Value, into name: [UInt8]) {
        // qs drops a field with this name, because it would change the prototype of the object.
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

    /// The index of the `=` that ends the key.
    ///
    /// This is the `=` of the first `]=`. In a parameter without `]=`, it is the first `=`.
    private static func separator(of parameter: ArraySlice<UInt8>) -> Int? {
        zip(parameter.indices, parameter.indices.dropFirst()).first { bracket, equals in
            parameter[bracket] == UInt8(ascii: "]") && parameter[equals] == UInt8(ascii: "=")
        }?.1 ?? parameter.firstIndex(of: UInt8(ascii: "="))
    }

    /// The ranges of the groups `[…]` in a key; a group contains no other bracket.
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

import HTTPTypes

/// The names and values that came with a request: CGI meta-variables and header fields.
///
/// Kept as the bytes that arrived, since a service reads only a few of them.
public struct FastCGIParameters: Sendable {
    private struct Entry {
        var name: Range<Int>
        var value: Range<Int>
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    /// Makes an empty list.
    public init() {}

    /// Makes a list, for tests and for services that answer without a web server.
    public init(_ pairs: KeyValuePairs<String, String>) {
        for (name, value) in pairs { append(name, value) }
    }

    /// Adds a parameter.
    public mutating func append(_ name: String, _ value: String) {
        append(Array("\(name)=\(value)".utf8).span, nameLength: name.utf8.count)
    }

    mutating func reserve(entries: Int, bytes: Int) {
        self.entries.reserveCapacity(entries)
        self.bytes.reserveCapacity(bytes)
    }

    /// Adds `NAME=value`.
    mutating func append(_ pair: Span<UInt8>, nameLength: Int) {
        // httpoxy (CVE-2016-5385): no client sends Proxy honestly, and CGI programs believed it.
        if pair.starts(with: "HTTP_PROXY=") { return }
        let start = bytes.count
        bytes.append(copying: pair)
        let name = start..<(start + nameLength)
        entries.append(
            Entry(name: name, value: min(name.upperBound + 1, bytes.count)..<bytes.count))
    }

    /// The value of a parameter; `nil` when there is none of that name.
    public subscript(name: StaticString) -> String? {
        name.withUTF8Buffer { wanted in
            for entry in entries where entry.name.count == wanted.count {
                if bytes[entry.name].elementsEqual(wanted) { return text(entry.value) }
            }
            return nil
        }
    }

    /// The value of a header field, which arrives as `HTTP_` and its name in capitals.
    ///
    /// RFC 3875, section 4.1.18; `Content-Type` and `Content-Length` have names of their own.
    func field(_ name: HTTPField.Name) -> String? {
        if name == .contentType { return self["CONTENT_TYPE"].flatMap { $0.isEmpty ? nil : $0 } }
        if name == .contentLength {
            return self["CONTENT_LENGTH"].flatMap { $0.isEmpty ? nil : $0 }
        }
        let canonical = name.canonicalName.utf8
        for entry in entries where entry.name.count == canonical.count + prefix.count {
            let parameter = bytes[entry.name]
            if parameter.dropFirst(prefix.count).elementsEqual(canonical, by: { isField($0, $1) }),
                parameter.starts(with: prefix)
            {
                return text(entry.value)
            }
        }
        return nil
    }

    /// All header fields.
    var fields: HTTPFields {
        var fields = HTTPFields()
        for entry in entries where bytes[entry.name].starts(with: prefix) {
            let name = text(entry.name.lowerBound + prefix.count..<entry.name.upperBound)
            guard let name = HTTPField.Name(name.replacing("_", with: "-")) else { continue }
            fields.append(HTTPField(name: name, value: text(entry.value)))
        }
        if let type = field(.contentType) { fields[.contentType] = type }
        if let length = field(.contentLength) { fields[.contentLength] = length }
        return fields
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}

private let prefix = Array("HTTP_".utf8)

/// Whether a byte of a parameter's name stands for a byte of a field's name in lower case.
private func isField(_ parameter: UInt8, _ field: UInt8) -> Bool {
    switch field {
    case UInt8(ascii: "-"): parameter == UInt8(ascii: "_")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): parameter == field - 32
    default: parameter == field
    }
}

extension Span<UInt8> {
    fileprivate func starts(with prefix: StaticString) -> Bool {
        guard count >= prefix.utf8CodeUnitCount else { return false }
        return prefix.withUTF8Buffer { prefix in
            for index in prefix.indices where prefix[index] != self[index] { return false }
            return true
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(copying bytes: Span<UInt8>) {
        bytes.withUnsafeBufferPointer { append(contentsOf: $0) }
    }
}

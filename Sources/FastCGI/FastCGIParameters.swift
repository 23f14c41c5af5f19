import Glibc
import HTTPTypes

/// The names and values that came with a request: CGI meta-variables and header fields.
///
/// Kept as the bytes that arrived, since a service reads only a few of them.
public struct FastCGIParameters: Sendable {
    /// Where a name and a value are; between them is `=`.
    private struct Entry {
        var start: Int
        var nameLength: Int
        var end: Int

        var name: Range<Int> { start..<(start + nameLength) }
        var value: Range<Int> { (start + nameLength + 1)..<end }
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    /// Makes an empty list.
    public init() {}

    /// Makes a list, for tests and for services that answer without a web server.
    public init(_ pairs: KeyValuePairs<String, String>) {
        for (name, value) in pairs { append(name, value) }
    }

    /// Makes an empty list with room.
    init(entries: Int, bytes: Int) {
        self.entries.reserveCapacity(entries)
        self.bytes.reserveCapacity(bytes)
    }

    /// Adds a parameter.
    public mutating func append(_ name: String, _ value: String) {
        let pair = Array("\(name)=\(value)".utf8)
        pair.withUnsafeBytes { append($0, nameLength: name.utf8.count) }
    }

    /// Adds `NAME=value`.
    mutating func append(_ pair: UnsafeRawBufferPointer, nameLength: Int) {
        // httpoxy (CVE-2016-5385): no client sends Proxy honestly, and CGI programs believed it.
        if pair.starts(with: "HTTP_PROXY=") { return }
        let start = bytes.count
        bytes.append(contentsOf: pair)
        entries.append(Entry(start: start, nameLength: nameLength, end: bytes.count))
    }

    /// The value of a parameter; `nil` when there is none of that name.
    public subscript(name: StaticString) -> String? {
        let entry = bytes.withUnsafeBytes { bytes in
            entries.first { entry in
                entry.nameLength == name.utf8CodeUnitCount
                    && bytes.dropFirst(entry.start).starts(with: name)
            }
        }
        return entry.map { text($0.value) }
    }

    /// The value of a header field, which arrives as `HTTP_` and its name in capitals.
    ///
    /// RFC 3875, section 4.1.18; `Content-Type` and `Content-Length` have names of their own.
    func field(_ name: HTTPField.Name) -> String? {
        if name == .contentType { return self["CONTENT_TYPE"].flatMap { $0.isEmpty ? nil : $0 } }
        if name == .contentLength {
            return self["CONTENT_LENGTH"].flatMap { $0.isEmpty ? nil : $0 }
        }
        let canonical = name.canonicalName.utf8.span
        let bytes = bytes.span
        for entry in entries where entry.nameLength == canonical.count + prefixLength {
            var index = 0
            while index < canonical.count,
                stands(bytes[entry.start + prefixLength + index], for: canonical[index])
            {
                index += 1
            }
            if index == canonical.count, isField(entry) { return text(entry.value) }
        }
        return nil
    }

    /// All header fields.
    var fields: HTTPFields {
        var fields = HTTPFields()
        for entry in entries where isField(entry) {
            let name = text(entry.name).dropFirst(prefixLength).replacing("_", with: "-")
            guard let name = HTTPField.Name(String(name)) else { continue }
            fields.append(HTTPField(name: name, value: text(entry.value)))
        }
        if let type = field(.contentType) { fields[.contentType] = type }
        if let length = field(.contentLength) { fields[.contentLength] = length }
        return fields
    }

    private func isField(_ entry: Entry) -> Bool {
        bytes.withUnsafeBytes {
            entry.nameLength > prefixLength && $0.dropFirst(entry.start).starts(with: "HTTP_")
        }
    }

    private func text(_ range: Range<Int>) -> String {
        bytes.withUnsafeBufferPointer { bytes in
            String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        }
    }
}

private let prefixLength = 5

/// Whether a byte of a parameter's name stands for a byte of a field's name in lower case.
private func stands(_ parameter: UInt8, for field: UInt8) -> Bool {
    switch field {
    case UInt8(ascii: "-"): parameter == UInt8(ascii: "_")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): parameter == field - 32
    default: parameter == field
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func starts(with text: StaticString) -> Bool {
        guard let baseAddress, count >= text.utf8CodeUnitCount else { return false }
        return memcmp(baseAddress, text.utf8Start, text.utf8CodeUnitCount) == 0
    }
}

extension Slice<UnsafeRawBufferPointer> {
    fileprivate func starts(with text: StaticString) -> Bool {
        UnsafeRawBufferPointer(rebasing: self).starts(with: text)
    }
}

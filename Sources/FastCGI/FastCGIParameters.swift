import Glibc
import HTTPTypes

/// The parameters of a request: CGI meta-variables and header fields, as names with values.
///
/// The bytes are stored as they arrived, because a service reads only a few of the parameters.
public struct FastCGIParameters: Sendable {
    /// The range of `NAME=value` in `bytes`, without the NUL after it.
    private struct Entry {
        var start: Int
        var end: Int
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    /// Creates an empty list of parameters.
    public init() {}

    /// Creates a list of parameters, for tests and for services that run without a web server.
    public init(_ pairs: KeyValuePairs<String, String>) {
        for (name, value) in pairs { append(name, value) }
    }

    /// Copies the parameters from an array of C strings `NAME=value` that ends with a null pointer.
    init(copying environment: UnsafePointer<UnsafeMutablePointer<CChar>?>) {
        var size = 0
        var count = 0
        while let pair = environment[count] {
            size += strlen(pair) + 1
            count += 1
        }
        entries.reserveCapacity(count)
        bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            buffer.withMemoryRebound(to: CChar.self) { buffer in
                guard let first = buffer.baseAddress else { return }
                var next = first
                for index in 0..<count {
                    guard let pair = environment[index], let end = stpcpy(next, pair) else { break }
                    // Drop the header field `Proxy` because of httpoxy (CVE-2016-5385). No honest
                    // client sends it, and CGI programs mistake HTTP_PROXY for the environment
                    // variable of that name.
                    let isProxy = end - next > 10 && memcmp(next, "HTTP_PROXY=", 11) == 0
                    if !isProxy {
                        entries.append(Entry(start: next - first, end: end - first))
                    }
                    next = end + 1
                }
                filled = next - first
            }
        }
    }

    /// Adds a parameter.
    public mutating func append(_ name: String, _ value: String) {
        let start = bytes.count
        bytes.append(contentsOf: "\(name)=\(value)".utf8)
        entries.append(Entry(start: start, end: bytes.count))
    }

    /// The value of a parameter, or `nil` if there is no parameter with this name.
    public subscript(name: StaticString) -> String? {
        withBytes(of: name) { String(decoding: $0, as: UTF8.self) }
    }

    /// Returns whether a parameter has the given value.
    func hasValue(_ value: StaticString, for name: StaticString) -> Bool {
        withBytes(of: name) { bytes in
            bytes.elementsEqual(
                UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
        } ?? false
    }

    /// Returns whether a body has the length that `CONTENT_LENGTH` announces; true if there is no
    /// such parameter or it is empty.
    ///
    /// A responder compares the two lengths, because fewer bytes mean that the client has failed
    /// (FastCGI 1.0, section 6.2). Web servers leave the parameter out, or empty, if the client did
    /// not announce a length.
    func announces(bodyOf count: Int) -> Bool {
        withBytes(of: "CONTENT_LENGTH") { digits -> Bool? in
            if digits.isEmpty { return true }
            var announced = 0
            for byte in digits {
                let digit = Int(byte) - Int(UInt8(ascii: "0"))
                guard (0...9).contains(digit), announced <= count else { return false }
                announced = announced * 10 + digit
            }
            return announced == count
        } ?? true
    }

    /// Calls a closure with each value of the parameter with the given name, until the closure
    /// returns a result.
    ///
    /// A parameter may have several values, because nginx before 1.23 passes a header field that
    /// was sent twice as two parameters.
    func withBytes<Result>(
        of name: StaticString, _ body: (UnsafeRawBufferPointer) -> Result?
    ) -> Result? {
        let length = name.utf8CodeUnitCount
        return bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return nil }
            for entry in entries where entry.start + length < entry.end {
                // Look for the equals sign after the name first. This comparison of one byte rules
                // out most parameters, because most names have another length.
                guard bytes[entry.start + length] == UInt8(ascii: "="),
                    memcmp(start + entry.start, name.utf8Start, length) == 0
                else { continue }
                let value = bytes[(entry.start + length + 1)..<entry.end]
                if let result = body(UnsafeRawBufferPointer(rebasing: value)) { return result }
            }
            return nil
        }
    }

    /// Returns the value of a header field.
    ///
    /// A field arrives as `HTTP_` followed by its name in capitals (RFC 3875, section 4.1.18).
    /// `Content-Type` and `Content-Length` arrive as `CONTENT_TYPE` and `CONTENT_LENGTH`.
    func field(_ name: HTTPField.Name) -> String? {
        if name == .contentType { return text(unlessEmpty: "CONTENT_TYPE") }
        if name == .contentLength { return text(unlessEmpty: "CONTENT_LENGTH") }
        let canonical = name.canonicalName.utf8.span
        let bytes = bytes.span
        for entry in entries {
            let start = entry.start + prefixLength
            let end = start + canonical.count
            guard end < entry.end, bytes[end] == UInt8(ascii: "="), isField(entry) else { continue }
            var index = 0
            while index < canonical.count, represents(bytes[start + index], canonical[index]) {
                index += 1
            }
            if index == canonical.count { return text((end + 1)..<entry.end) }
        }
        return nil
    }

    /// All header fields.
    var fields: HTTPFields {
        var fields = HTTPFields()
        for entry in entries where isField(entry) {
            let parts = text((entry.start + prefixLength)..<entry.end)
                .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2,
                let name = HTTPField.Name(String(parts[0].replacing("_", with: "-")))
            else { continue }
            fields.append(HTTPField(name: name, value: String(parts[1])))
        }
        if let type = field(.contentType) { fields[.contentType] = type }
        if let length = field(.contentLength) { fields[.contentLength] = length }
        return fields
    }

    /// Returns the value of a parameter, or `nil` if the value is empty.
    ///
    /// The web server passes an empty value if the request has no header field for the parameter.
    private func text(unlessEmpty name: StaticString) -> String? {
        self[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private func isField(_ entry: Entry) -> Bool {
        bytes[entry.start..<entry.end].starts(with: "HTTP_".utf8)
    }

    private func text(_ range: Range<Int>) -> String {
        bytes.withUnsafeBufferPointer { bytes in
            String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        }
    }
}

/// The length of the prefix `HTTP_`.
private let prefixLength = 5

/// Returns whether a byte of a parameter's name represents a byte of a lower-case field name.
private func represents(_ parameter: UInt8, _ field: UInt8) -> Bool {
    switch field {
    case UInt8(ascii: "-"): parameter == UInt8(ascii: "_")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): parameter == field - 32
    default: parameter == field
    }
}

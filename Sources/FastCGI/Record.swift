/// One record of a request, with the position of its content in the bytes of the request (FastCGI
/// specification, section 3.3).
struct Record {
    /// The record types of a request (FastCGI specification, section 8).
    enum Kind {
        static let beginRequest: UInt8 = 1
        static let params: UInt8 = 4
        static let stdin: UInt8 = 5
    }

    static let headerLength = 8
    /// FCGI_RESPONDER, the only role in FCGI_BEGIN_REQUEST that this library accepts.
    static let responderRole = 1

    var type: UInt8
    var requestID: Int
    var content: Range<Int>
    var padding: Int
}

extension Span<UInt8> {
    /// Reads the record at a position and moves the position to the end of the record.
    ///
    /// - Returns: The record, or `nil` if it is incomplete.
    func record(at position: inout Int) -> Record? {
        guard position + Record.headerLength <= count else { return nil }
        let start = position + Record.headerLength
        let record = Record(
            // For a record of another protocol version, use type 0, which no caller accepts.
            type: self[position] == 1 ? self[position + 1] : 0,
            requestID: number(at: position + 2),
            content: start..<(start + number(at: position + 4)),
            padding: Int(self[position + 6]))
        let end = record.content.upperBound + record.padding
        guard end <= count else { return nil }
        position = end
        return record
    }

    /// Whether the bytes are name-value pairs (FastCGI specification, section 3.4).
    ///
    /// A pair consists of two lengths of one or four bytes each, then the name and the value.
    var areNameValuePairs: Bool {
        var position = 0
        while position < count {
            guard let name = length(at: &position), let value = length(at: &position) else {
                return false
            }
            guard name > 0, name + value <= count - position else { return false }
            position += name + value
        }
        return true
    }

    private func length(at position: inout Int) -> Int? {
        guard position < count else { return nil }
        let first = self[position]
        if first < 0x80 {
            position += 1
            return Int(first)
        }
        guard position + 4 <= count else { return nil }
        defer { position += 4 }
        return Int(first & 0x7f) << 24 | number(at: position + 1) << 8 | Int(self[position + 3])
    }

    /// Reads a big-endian number of two bytes.
    func number(at index: Int) -> Int { Int(self[index]) << 8 | Int(self[index + 1]) }
}

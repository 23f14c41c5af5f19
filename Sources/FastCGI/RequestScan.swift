/// What can be said of the bytes that wait on a connection, before libfcgi sees one of them.
///
/// Two reasons to look first. libfcgi reads by blocking, and a worker must not sleep on a peer
/// that stalls in the middle. And libfcgi trusts its peer: a length of 0x7ffffffe aborts the
/// process, a repeated FCGI_GET_VALUES smashes its stack, a truncated request looks whole. So it
/// is given only requests that are here from their first byte to their last, and well formed.
///
/// The names are those of the FastCGI specification, version 1.0.
enum RequestScan: Equatable {
    /// A whole request waits.
    case whole
    /// Nothing has come yet.
    case nothing
    /// The bytes so far are the beginning of a request.
    case incomplete
    /// The bytes are no request that this library serves.
    case malformed(String)

    /// The most bytes of one request, all records counted.
    ///
    /// nginx sends parameters of up to 65,535 bytes, which its default limits allow (32 KiB of
    /// fields, each name longer by `HTTP_`, the target twice), and beside them a body of 16 KiB.
    static let maximumLength = 98_304

    /// Judges the bytes from the start of a request.
    static func judge(_ bytes: Span<UInt8>) -> RequestScan {
        guard bytes.count > 0 else { return .nothing }
        guard bytes[0] == 1 else { return .malformed("version is not 1") }
        guard bytes.count < 2 || bytes[1] == RecordType.beginRequest else {
            return .malformed("first record is not FCGI_BEGIN_REQUEST")
        }
        let verdict = judgeRecords(bytes)
        // A request that is too long never becomes whole.
        if case .incomplete = verdict, bytes.count >= maximumLength {
            return .malformed("request is too long")
        }
        return verdict
    }

    private static func judgeRecords(_ bytes: Span<UInt8>) -> RequestScan {
        var position = 0
        guard let begin = bytes.record(at: &position) else { return .incomplete }
        // Here and after the empty records libfcgi does not skip padding, and web servers send none.
        guard begin.content.count == 8, begin.padding == 0, begin.requestID > 0 else {
            return .malformed("FCGI_BEGIN_REQUEST has the wrong length or request id")
        }
        guard bytes.number(at: begin.content.lowerBound) == responder else {
            return .malformed("role is not FCGI_RESPONDER")
        }
        return judgeParameters(bytes, from: &position, of: begin.requestID)
            ?? judgeInput(bytes, from: position, of: begin.requestID)
    }

    /// Judges FCGI_PARAMS to the empty one that ends them; `nil` when there is nothing to say.
    private static func judgeParameters(
        _ bytes: Span<UInt8>, from position: inout Int, of requestID: Int
    ) -> RequestScan? {
        // All pairs are in one record, as good as always; else they are put together first, for a
        // pair may straddle two.
        var parameters = 0..<0
        var joined: [UInt8] = []
        while true {
            guard let record = bytes.record(at: &position) else { return .incomplete }
            guard record.type == RecordType.params, record.requestID == requestID else {
                return .malformed("record is not FCGI_PARAMS of the request")
            }
            guard !record.content.isEmpty else {
                guard record.padding == 0 else {
                    return .malformed("padding after the last FCGI_PARAMS")
                }
                break
            }
            if parameters.isEmpty {
                parameters = record.content
            } else {
                if joined.isEmpty { joined.append(bytes, parameters) }
                joined.append(bytes, record.content)
            }
        }
        let areWhole =
            joined.isEmpty
            ? bytes.extracting(parameters).areNameValuePairs : joined.span.areNameValuePairs
        return areWhole ? nil : .malformed("name-value pair overruns")
    }

    /// Judges FCGI_STDIN to the empty one that ends it, and the request.
    private static func judgeInput(
        _ bytes: Span<UInt8>, from start: Int, of requestID: Int
    ) -> RequestScan {
        var position = start
        while true {
            guard let record = bytes.record(at: &position) else { return .incomplete }
            guard record.type == RecordType.stdin, record.requestID == requestID else {
                return .malformed("record is not FCGI_STDIN of the request")
            }
            guard record.content.isEmpty else { continue }
            // libfcgi reads ahead and drops what it has read: of a next request the rest would be
            // taken for its beginning.
            guard position == bytes.count, record.padding == 0 else {
                return .malformed("bytes follow the request")
            }
            return .whole
        }
    }
}

/// FCGI_BEGIN_REQUEST and the other record types of section 8.
private enum RecordType {
    static let beginRequest: UInt8 = 1
    static let params: UInt8 = 4
    static let stdin: UInt8 = 5
}

private let headerLength = 8
private let responder = 1

private struct Record {
    var type: UInt8
    var requestID: Int
    var content: Range<Int>
    var padding: Int
}

extension Span<UInt8> {
    /// The record at a position, which moves behind it; `nil` when it is not all here.
    fileprivate func record(at position: inout Int) -> Record? {
        guard position + headerLength <= count else { return nil }
        let start = position + headerLength
        let record = Record(
            // Another version would be read as another type, which no caller accepts.
            type: self[position] == 1 ? self[position + 1] : 0,
            requestID: number(at: position + 2),
            content: start..<(start + number(at: position + 4)),
            padding: Int(self[position + 6]))
        let end = record.content.upperBound + record.padding
        guard end <= count else { return nil }
        position = end
        return record
    }

    /// Section 3.4: two lengths of one or four bytes, then as many bytes of name and value.
    fileprivate var areNameValuePairs: Bool {
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

    /// A number of two bytes, the higher first.
    fileprivate func number(at index: Int) -> Int { Int(self[index]) << 8 | Int(self[index + 1]) }
}

extension [UInt8] {
    fileprivate mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        for index in range { append(bytes[index]) }
    }
}

/// The result of checking the bytes that wait on a connection, before libfcgi reads them.
///
/// There are two reasons for the check. First, libfcgi reads with blocking calls, and a worker must
/// not wait for a peer that stalls in the middle of a request. Second, libfcgi trusts its peer: a
/// length of 0x7ffffffe aborts the process, a repeated FCGI_GET_VALUES overflows its stack, and a
/// truncated request looks complete. So libfcgi is given only requests that are complete and well
/// formed.
///
/// Names such as FCGI_PARAMS are those of the FastCGI specification, version 1.0.
enum RequestScan: Equatable {
    /// The bytes are a complete request.
    case complete
    /// There are no bytes.
    case empty
    /// The bytes are the beginning of a request.
    case incomplete
    /// The bytes are not a request that this library serves.
    ///
    /// The associated value is the reason.
    case malformed(String)

    /// The maximum length of a request in bytes, including all records.
    ///
    /// nginx sends up to 65,535 bytes of parameters, followed by a body of 16 KiB. The default
    /// limits of nginx allow this length: 32 KiB of header fields, whose names each get the prefix
    /// `HTTP_`, and the request target, which is sent twice.
    static let maximumLength = 98_304

    /// Checks bytes that begin at the start of a request.
    static func scan(_ bytes: Span<UInt8>) -> RequestScan {
        guard bytes.count > 0 else { return .empty }
        guard bytes[0] == 1 else { return .malformed("version is not 1") }
        guard bytes.count < 2 || bytes[1] == Record.Kind.beginRequest else {
            return .malformed("first record is not FCGI_BEGIN_REQUEST")
        }
        let result = scanRecords(bytes)
        // A request that is longer than the buffer can never become complete in it.
        if case .incomplete = result, bytes.count >= maximumLength {
            return .malformed("request is too long")
        }
        return result
    }

    private static func scanRecords(_ bytes: Span<UInt8>) -> RequestScan {
        var position = 0
        guard let begin = bytes.record(at: &position) else { return .incomplete }
        // Refuse padding after FCGI_BEGIN_REQUEST and after empty records, because libfcgi does not
        // skip it. Web servers send none there.
        guard begin.content.count == 8, begin.padding == 0, begin.requestID > 0 else {
            return .malformed("FCGI_BEGIN_REQUEST has the wrong length or request id")
        }
        guard bytes.number(at: begin.content.lowerBound) == Record.responderRole else {
            return .malformed("role is not FCGI_RESPONDER")
        }
        return scanParameters(bytes, from: &position, of: begin.requestID)
            ?? scanInput(bytes, from: position, of: begin.requestID)
    }

    /// Checks the FCGI_PARAMS records, including the empty one that ends them.
    ///
    /// - Returns: The reason for not accepting the records, or `nil` if they are valid.
    private static func scanParameters(
        _ bytes: Span<UInt8>, from position: inout Int, of requestID: Int
    ) -> RequestScan? {
        // Almost always, all pairs are in one record. Otherwise the records are joined first,
        // because a pair may extend over two of them.
        var parameters = 0..<0
        var joined: [UInt8] = []
        while true {
            guard let record = bytes.record(at: &position) else { return .incomplete }
            guard record.type == Record.Kind.params, record.requestID == requestID else {
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
        let areValid =
            joined.isEmpty
            ? bytes.extracting(parameters).areNameValuePairs : joined.span.areNameValuePairs
        return areValid ? nil : .malformed("name-value pair overruns")
    }

    /// Checks the FCGI_STDIN records, including the empty one that ends the request.
    private static func scanInput(
        _ bytes: Span<UInt8>, from start: Int, of requestID: Int
    ) -> RequestScan {
        var position = start
        while true {
            guard let record = bytes.record(at: &position) else { return .incomplete }
            guard record.type == Record.Kind.stdin, record.requestID == requestID else {
                return .malformed("record is not FCGI_STDIN of the request")
            }
            guard record.content.isEmpty else { continue }
            // libfcgi reads ahead and drops the bytes that it does not use. If a second request
            // followed, libfcgi would drop the first bytes of that request and mistake the rest for
            // its beginning.
            guard position == bytes.count, record.padding == 0 else {
                return .malformed("bytes follow the request")
            }
            return .complete
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        for index in range { append(bytes[index]) }
    }
}

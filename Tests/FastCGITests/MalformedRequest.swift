import Testing

/// A malformed request, which must never reach libfcgi.
struct MalformedRequest: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let bytes: [UInt8]

    init(_ description: String, _ bytes: [UInt8]...) {
        testDescription = description
        self.bytes = Array(bytes.joined())
    }

    private static let begin = record(1, [0, 1, 0, 0, 0, 0, 0, 0])
    private static let noMoreParameters = record(4, [])
    private static let hugeLengths: [UInt8] = [0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xfe]

    static let all: [MalformedRequest] = [
        MalformedRequest("another version", record(1, [0, 1, 0, 0, 0, 0, 0, 0], version: 2)),
        MalformedRequest("FCGI_GET_VALUES first", record(9, Array("FCGI_MAX_CONNS".utf8), id: 0)),
        MalformedRequest("the authorizer role", request(role: 2)),
        MalformedRequest("request id 0", record(1, [0, 1, 0, 0, 0, 0, 0, 0], id: 0)),
        MalformedRequest("a short FCGI_BEGIN_REQUEST", record(1, [0, 1, 0])),
        MalformedRequest("parameters of another request", begin, record(4, [], id: 2)),
        MalformedRequest("input before parameters", begin, record(5, [])),
        MalformedRequest("FCGI_ABORT_REQUEST", begin, record(2, [])),
        MalformedRequest("lengths near 2^31", begin, record(4, hugeLengths), noMoreParameters),
        MalformedRequest(
            "a truncated name-value pair", begin, record(4, [1, 9, 65]), noMoreParameters),
        MalformedRequest(
            "an empty parameter name", begin, record(4, [0, 1, 65]), noMoreParameters),
        MalformedRequest("two requests", request(keep: true), request()),
        MalformedRequest("a request and one more byte", request(), [1]),
        MalformedRequest(
            "padding after FCGI_BEGIN_REQUEST", record(1, [0, 1, 0, 0, 0, 0, 0, 0], padding: 1)),
        MalformedRequest("padding after the parameters", begin, record(4, [], padding: 8)),
        MalformedRequest(
            "padding after the input", begin, noMoreParameters, record(5, [], padding: 8)),
        MalformedRequest(
            "more than the maximum length", begin, noMoreParameters,
            record(5, Array(repeating: 1, count: 65_535)),
            record(5, Array(repeating: 1, count: 65_535))),
    ]
}

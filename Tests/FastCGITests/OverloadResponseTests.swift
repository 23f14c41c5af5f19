import Glibc
import HTTPTypes
import Testing

@testable import FastCGI

/// The response on a connection for which no file descriptor is left.
struct OverloadResponseTests {
    let overloadResponse = OverloadResponse(
        FastCGIResponse(
            head: HTTPResponse(status: .serviceUnavailable, headerFields: [.retryAfter: "1"]),
            body: Array("busy".utf8)))

    @Test func `the response has the id of the request`() {
        let begin: [UInt8] = [1, 1, 0, 7, 0, 8, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
        let response = response(sending: begin + [UInt8](repeating: 0, count: 50_000))
        let text =
            "Status: 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 4\r\n\r\nbusy"
        #expect(
            response == [1, 6, 0, 7, 0, UInt8(text.utf8.count), 0, 0] + Array(text.utf8)
                + [1, 6, 0, 7, 0, 0, 0, 0]
                + [1, 3, 0, 7, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `a peer that sends nothing or no request gets no response and causes no delay`() {
        let start = ContinuousClock.now
        #expect(response(sending: []) == [])
        #expect(response(sending: Array("GET / HTTP/1.1".utf8)) == [])
        #expect(ContinuousClock.now - start < .seconds(1))
    }

    /// Returns the bytes that a peer has received when the server closes the connection.
    private func response(sending bytes: [UInt8]) -> [UInt8] {
        var ends: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        #expect(write(ends[0], bytes, bytes.count) == bytes.count)
        overloadResponse.send(on: ends[1])
        close(ends[1])
        defer { close(ends[0]) }
        var received = [UInt8](repeating: 0, count: 1024)
        let count = read(ends[0], &received, received.count)
        return Array(received.prefix(max(0, count)))
    }
}

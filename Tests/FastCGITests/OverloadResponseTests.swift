import Glibc
import HTTPTypes
import Testing

@testable import FastCGI

/// What becomes of a connection that there is no descriptor to keep.
struct OverloadResponseTests {
    let overloadResponse = OverloadResponse(
        FastCGIResponse(
            head: HTTPResponse(status: .serviceUnavailable, headerFields: [.retryAfter: "1"]),
            body: Array("busy".utf8)))

    @Test func `a request is answered under its number`() {
        let begin: [UInt8] = [1, 1, 0, 7, 0, 8, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
        let answer = dismissed(sending: begin + [UInt8](repeating: 0, count: 50_000))
        let text =
            "Status: 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 4\r\n\r\nbusy"
        #expect(
            answer == [1, 6, 0, 7, 0, UInt8(text.utf8.count), 0, 0] + Array(text.utf8)
                + [1, 6, 0, 7, 0, 0, 0, 0]
                + [1, 3, 0, 7, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func `who sends nothing, or no request, is not answered and holds nobody up`() {
        let start = ContinuousClock.now
        #expect(dismissed(sending: []) == [])
        #expect(dismissed(sending: Array("GET / HTTP/1.1".utf8)) == [])
        #expect(ContinuousClock.now - start < .seconds(1))
    }

    /// What the peer of a connection has got by the end of it, which it leaves open itself.
    private func dismissed(sending bytes: [UInt8]) -> [UInt8] {
        var ends: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        #expect(write(ends[0], bytes, bytes.count) == bytes.count)
        overloadResponse.send(on: ends[1])
        close(ends[1])
        defer { close(ends[0]) }
        var answer = [UInt8](repeating: 0, count: 1024)
        let count = read(ends[0], &answer, answer.count)
        return Array(answer.prefix(max(0, count)))
    }
}

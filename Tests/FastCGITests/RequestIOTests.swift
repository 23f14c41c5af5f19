import Glibc
import Testing

@testable import FastCGI

struct RequestIOTests {
    @Test func `a refused request causes no delay when the peer stays connected`() {
        LibFCGI.prepare()
        var pair: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        defer { close(pair[0]) }
        // RequestScan refuses this request, but there may be others that only libfcgi refuses.
        let bytes =
            record(1, [0, 1, 0, 0, 0, 0, 0, 0], padding: 8) + record(4, []) + record(5, [])
        #expect(write(pair[0], bytes, bytes.count) == bytes.count)

        let start = ContinuousClock.now
        let request = RequestIO().begin(on: pair[1])

        #expect(request == nil)
        #expect(ContinuousClock.now - start < .seconds(1))
    }
}

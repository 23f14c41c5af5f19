import SplitMix
import Testing

@testable import FastCGI

struct RequestScanTests {
    @Test func `a request is complete with its last byte and not before`() {
        let bytes = request(
            ["REQUEST_METHOD": "POST", "REQUEST_URI": String(repeating: "/x", count: 200)],
            body: Array("{}".utf8))

        for count in 1..<bytes.count {
            #expect(RequestScan.scan(bytes.span.extracting(0..<count)) == .incomplete)
        }
        #expect(RequestScan.scan(bytes.span) == .complete)
    }

    @Test func `no bytes are an empty scan`() {
        #expect(RequestScan.scan([UInt8]().span) == .empty)
    }

    @Test func `a name-value pair may extend over two records`() {
        let pairs: [UInt8] = [1, 1, 65, 66]
        let bytes =
            record(1, [0, 1, 0, 0, 0, 0, 0, 0]) + record(4, Array(pairs[..<3]))
            + record(4, Array(pairs[3...])) + record(4, []) + record(5, [])

        #expect(RequestScan.scan(bytes.span) == .complete)
    }

    @Test(arguments: MalformedRequest.all)
    func `what is no request of ours is refused`(request: MalformedRequest) {
        let received = Array(request.bytes.prefix(RequestScan.maximumLength))

        let isRefused = if case .malformed = RequestScan.scan(received.span) { true } else { false }

        #expect(isRefused)
    }

    @Test func `no bytes whatever trap the scan`() {
        var random = SplitMix()
        let valid = request(
            ["REQUEST_METHOD": "PUT", "LONG": String(repeating: "v", count: 300)],
            body: [1, 2, 3])

        for _ in 0..<20_000 {
            var bytes = valid
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                bytes[index] = UInt8.random(in: .min ... .max, using: &random)
            }
            bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
            _ = RequestScan.scan(bytes.span)
        }
    }
}

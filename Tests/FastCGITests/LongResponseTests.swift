import FastCGI
import Glibc
import HTTPTypes
import Testing
import Threads

/// Responses that do not fit in the buffer of a connection, or that are produced while they are
/// sent.
struct LongResponseTests {
    private struct Mishap: Error {}

    /// Parts of a length, each filled with its number.
    private static func parts(
        _ range: Range<Int>, length: Int = 60_000,
        onPart: @escaping @Sendable (Int) throws -> Void = { _ in }
    ) -> RemainingContent? {
        guard let number = range.first else { return nil }
        return RemainingContent {
            try onPart(number)
            let byte = UInt8(ascii: "a") + UInt8(number % 26)
            return (
                [UInt8](repeating: byte, count: length),
                parts(range.dropFirst(), length: length, onPart: onPart)
            )
        }
    }

    private static func response(_ rest: RemainingContent?) -> FastCGIResponse {
        FastCGIResponse(head: HTTPResponse(status: .ok), body: Array("begin".utf8), rest: rest)
    }

    @Test func `a response in parts arrives completely, and the connection stays open`() throws {
        let server = try RunningServer(workers: 1) { _ in
            Self.response(Self.parts(0..<100))
        }
        let client = try server.connect()

        for _ in 0..<3 {
            client.send(request(keep: true))
            let text = try #require(client.response())

            #expect(text.hasPrefix("Status: 200 OK\r\n\r\nbegina"))
            #expect(text.utf8.count == "Status: 200 OK\r\n\r\nbegin".utf8.count + 6_000_000)
            #expect(text.hasSuffix("v"))
        }
    }

    @Test func `the response to HEAD produces no part`() throws {
        let server = try RunningServer { _ in
            Self.response(Self.parts(0..<1) { _ in Issue.record("a part was produced") })
        }
        let client = try server.connect()

        client.send(request(["REQUEST_METHOD": "HEAD", "REQUEST_URI": "/"]))

        #expect(client.response() == "Status: 200 OK\r\n\r\n")
    }

    @Test func `a part is produced only after the peer has read the parts before it`() throws {
        let produced = Guarded(0)
        let server = try RunningServer(workers: 1) { request in
            request.target == "/short"
                ? .text("short")
                : Self.response(Self.parts(0..<300) { _ in produced.withLock { $0 += 1 } })
        }
        let slow = try (0..<5).map { _ in
            let client = try server.connect()
            client.send(request())
            return client
        }

        // Other requests are served while the peers read nothing.
        for _ in 0..<50 {
            let client = try server.connect()
            client.send(request(["REQUEST_METHOD": "GET", "REQUEST_URI": "/short"]))
            #expect(client.response()?.hasSuffix("short") == true)
        }

        #expect(produced.withLock { $0 } < 100)
        for client in slow { #expect(client.outputLength() ?? 0 > 18_000_000) }
        #expect(produced.withLock { $0 } == 1_500)
    }

    @Test
    func `a response whose part cannot be produced is incomplete, and is not taken for whole`()
        throws
    {
        let server = try RunningServer { _ in
            Self.response(Self.parts(0..<9) { if $0 == 5 { throw Mishap() } })
        }
        let client = try server.connect()

        client.send(request(keep: true))

        #expect(client.response() == nil)
        #expect(client.isClosed)
    }

    @Test func `a peer that reads nothing is sent away, and one that disconnects is forgotten`()
        throws
    {
        let server = try RunningServer(workers: 1, longSendTimeout: .milliseconds(200)) { request in
            request.target == "/short"
                ? .text("short")
                : FastCGIResponse(
                    head: HTTPResponse(status: .ok), body: [UInt8](repeating: 7, count: 3_000_000))
        }
        let silent = try server.connect()
        silent.send(request())
        let gone = try server.connect()
        gone.send(request())
        shutdown(gone.descriptor, Int32(SHUT_RDWR))

        let client = try server.connect()
        client.send(request(["REQUEST_METHOD": "GET", "REQUEST_URI": "/short"]))
        #expect(client.response()?.hasSuffix("short") == true)

        // The server's end is closed although the peer has read nothing.
        var state = pollfd(fd: silent.descriptor, events: 0, revents: 0)
        #expect(poll(&state, 1, 10_000) == 1)
        #expect(silent.response() == nil)
    }

    @Test func `a peer that reads nothing delays a shutdown only a little`() throws {
        let server = try RunningServer(workers: 1, sendTimeout: .milliseconds(300)) { _ in
            Self.response(Self.parts(0..<1_000_000))
        }
        let client = try server.connect()
        client.send(request())
        while !client.hasInput { sched_yield() }

        let start = ContinuousClock.now
        server.drain()

        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test func `a response of more than 2^31 bytes does not end the process`() throws {
        // Each part is the same array, so that the test needs little memory.
        let length = 1 << 24
        let count = 129
        let server = try RunningServer { _ in
            let part = [UInt8](repeating: 7, count: length)
            return FastCGIResponse(
                head: HTTPResponse(status: .ok), body: [], rest: Self.same(part, count))
        }
        let client = try server.connect()

        client.send(request())

        let head = "Status: 200 OK\r\n\r\n".utf8.count
        #expect(client.outputLength() == head + length * count)
    }

    private static func same(_ part: [UInt8], _ count: Int) -> RemainingContent? {
        count == 0 ? nil : RemainingContent { (part, same(part, count - 1)) }
    }
}

import FastCGI
import Glibc
import HTTPTypes
import Testing
import Threads

struct FastCGIServerTests {
    @Test func `a request's method, target, fields and body reach the handler`() throws {
        let server = try RunningServer { request in
            let text = [
                request.method, request.target, request[.accept] ?? "-", request[.proxy] ?? "-",
                request.head?.headerFields[.userAgent] ?? "-",
                request.head?.headerFields[.proxy] ?? "-",
                String(decoding: request.body, as: UTF8.self),
            ]
            return .text(text.joined(separator: "|"))
        }
        let client = try server.connect()

        client.send(
            request(
                [
                    "REQUEST_METHOD": "POST", "REQUEST_URI": "/a?b", "HTTP_ACCEPT": "x/y",
                    "HTTP_USER_AGENT": "me", "HTTP_PROXY": "evil",
                ], body: Array("hello".utf8)))

        #expect(
            client.response()
                == "Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 26\r\n\r\nPOST|/a?b|x/y|-|me|-|hello"
        )
    }

    @Test func `a kept connection serves one request after another`() throws {
        let server = try RunningServer { .text($0.target) }
        let client = try server.connect()

        for number in 0..<100 {
            client.send(
                request(["REQUEST_METHOD": "GET", "REQUEST_URI": "/\(number)"], keep: true))
            #expect(client.response()?.hasSuffix("\r\n\r\n/\(number)") == true)
        }
    }

    @Test(arguments: [
        ("5", true), ("", true), ("005", true), ("4", false), ("6", false), ("0", false),
        ("-5", false), ("+5", false), ("5 ", false), ("many", false),
        ("99999999999999999999999999999999999999999", false),
    ])
    func `a body must have the length that the request announces`(
        length: String, isAccepted: Bool
    ) throws {
        let server = try RunningServer { .text(String(decoding: $0.body, as: UTF8.self)) }
        let client = try server.connect()

        client.send(
            request(
                ["REQUEST_METHOD": "POST", "REQUEST_URI": "/", "CONTENT_LENGTH": length],
                body: Array("hello".utf8), keep: true))

        #expect((client.response()?.hasSuffix("\r\n\r\nhello") ?? false) == isAccepted)
    }

    @Test func `a connection that the peer does not keep is closed after the response`() throws {
        let server = try RunningServer { _ in .text("once") }
        let client = try server.connect()

        client.send(request())

        #expect(client.response()?.hasSuffix("once") == true)
        #expect(client.isClosed)
    }

    @Test func `a peer that has closed its sending side gets a response`() throws {
        let isBlocked = Guarded(true)
        let server = try RunningServer(workers: 1) { request in
            // This blocks the worker itself, because it does not await.
            if request.target == "/hold" { isBlocked.wait(until: { !$0 }, then: { _ in }) }
            return .text("here")
        }
        let client = try server.connect()
        client.send(request(keep: true))
        #expect(client.response() != nil)
        let blocking = try server.connect()
        blocking.send(request(["REQUEST_METHOD": "GET", "REQUEST_URI": "/hold"]))

        client.send(request())
        shutdown(client.descriptor, Int32(SHUT_WR))
        isBlocked.withLock { $0 = false }
        isBlocked.wakeAll()

        #expect(client.response()?.hasSuffix("here") == true)
    }

    @Test func `the response to HEAD has no body`() throws {
        let server = try RunningServer { _ in .text("body") }
        let client = try server.connect()

        client.send(request(["REQUEST_METHOD": "HEAD", "REQUEST_URI": "/"]))

        #expect(client.response()?.hasSuffix("text/plain\r\nContent-Length: 4\r\n\r\n") == true)
    }

    @Test func `idle and silent connections do not occupy a worker`() throws {
        let server = try RunningServer(workers: 1) { _ in .text("here") }
        var idle: [WebServer] = []
        for _ in 0..<50 {
            let client = try server.connect()
            client.send(request(keep: true))
            #expect(client.response() != nil)
            idle.append(client)
        }
        let silent = try (0..<50).map { _ in try server.connect() }

        let client = try server.connect()
        client.send(request())

        #expect(client.response()?.hasSuffix("here") == true)
        withExtendedLifetime(silent) {}
    }

    @Test func `peers that send nothing or stall in the middle hold no worker and are sent away`()
        throws
    {
        let server = try RunningServer(workers: 1, timeout: .milliseconds(200)) { _ in .text("here")
        }
        let bytes = request()
        let stalled = try (0..<bytes.count).map { count in
            let client = try server.connect()
            client.send(Array(bytes[..<count]))
            return client
        }

        let client = try server.connect()
        client.send(bytes)

        #expect(client.response()?.hasSuffix("here") == true)
        for peer in stalled { #expect(peer.isClosed) }
    }

    @Test func `a request that arrives in pieces gets a response`() throws {
        let server = try RunningServer(workers: 1) { .text(String($0.body.count)) }
        let client = try server.connect()

        for byte in request(body: Array(repeating: 7, count: 100), keep: true) {
            client.send([byte])
        }

        #expect(client.response()?.hasSuffix("\r\n100") == true)
    }

    @Test func `peers that disconnect or send garbage do not affect other peers`() throws {
        let server = try RunningServer(workers: 1) { _ in .text("alive") }
        let complete = request()
        for count in 0...complete.count {
            try server.connect().send(Array(complete[..<count]))
        }
        let garbage = try server.connect()
        garbage.send(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
        #expect(garbage.isClosed)

        let client = try server.connect()
        client.send(complete)

        #expect(client.response()?.hasSuffix("alive") == true)
    }

    @Test func `the longest request that nginx sends gets a response`() throws {
        let server = try RunningServer(workers: 1) { .text("\($0.body.count)") }
        let client = try server.connect()
        let value = String(repeating: "v", count: 65_535 - 100)

        client.send(
            request(
                ["REQUEST_METHOD": "POST", "REQUEST_URI": "/", "HTTP_X": value],
                body: Array(repeating: 1, count: 16_384)))

        #expect(client.response()?.hasSuffix("\r\n16384") == true)
    }

    @Test func `a large response arrives completely`() throws {
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 3_000_000)
        let server = try RunningServer { _ in
            FastCGIResponse(head: HTTPResponse(status: .ok), body: body)
        }
        let client = try server.connect()

        client.send(request())

        #expect(
            client.response()?.utf8.count == "Status: 200 OK\r\nContent-Length: 3000000\r\n\r\n"
                .utf8
                .count + body.count)
    }
}

extension HTTPField.Name {
    fileprivate static let proxy = HTTPField.Name("Proxy") ?? .accept
}

import FastCGI
import Glibc
import HTTPTypes
import Testing
import Threads

struct FastCGIServerTests {
    @Test func `a request's method, target, fields and body reach the handler`() throws {
        let server = try Running { request in
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
            client.answer()
                == "Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 26\r\n\r\nPOST|/a?b|x/y|-|me|-|hello"
        )
    }

    @Test func `a kept connection serves one request after another`() throws {
        let server = try Running { .text($0.target) }
        let client = try server.connect()

        for number in 0..<100 {
            client.send(
                request(["REQUEST_METHOD": "GET", "REQUEST_URI": "/\(number)"], keep: true))
            #expect(client.answer()?.hasSuffix("\r\n\r\n/\(number)") == true)
        }
    }

    @Test func `a connection that is not to be kept is closed after its answer`() throws {
        let server = try Running { _ in .text("once") }
        let client = try server.connect()

        client.send(request())

        #expect(client.answer()?.hasSuffix("once") == true)
        #expect(client.isClosed)
    }

    @Test func `a peer that has nothing more to send is answered`() throws {
        let isHeld = Guarded(true)
        let server = try Running(workers: 1) { request in
            // Without an await: the worker itself is held.
            if request.target == "/hold" { isHeld.wait(until: { !$0 }, then: { _ in }) }
            return .text("here")
        }
        let client = try server.connect()
        client.send(request(keep: true))
        #expect(client.answer() != nil)
        let holding = try server.connect()
        holding.send(request(["REQUEST_METHOD": "GET", "REQUEST_URI": "/hold"]))

        client.send(request())
        shutdown(client.descriptor, Int32(SHUT_WR))
        isHeld.withLock { $0 = false }
        isHeld.wakeAll()

        #expect(client.answer()?.hasSuffix("here") == true)
    }

    @Test func `HEAD is answered without a body`() throws {
        let server = try Running { _ in .text("body") }
        let client = try server.connect()

        client.send(request(["REQUEST_METHOD": "HEAD", "REQUEST_URI": "/"]))

        #expect(client.answer()?.hasSuffix("text/plain\r\nContent-Length: 4\r\n\r\n") == true)
    }

    @Test func `idle and silent connections hold no worker`() throws {
        let server = try Running(workers: 1) { _ in .text("here") }
        var idle: [WebServer] = []
        for _ in 0..<50 {
            let client = try server.connect()
            client.send(request(keep: true))
            #expect(client.answer() != nil)
            idle.append(client)
        }
        let silent = try (0..<50).map { _ in try server.connect() }

        let client = try server.connect()
        client.send(request())

        #expect(client.answer()?.hasSuffix("here") == true)
        withExtendedLifetime(silent) {}
    }

    @Test func `peers that stall in the middle hold no worker and are sent away`() throws {
        let server = try Running(workers: 1, timeout: .milliseconds(200)) { _ in .text("here") }
        let bytes = request()
        let stalled = try (1..<bytes.count).map { count in
            let client = try server.connect()
            client.send(Array(bytes[..<count]))
            return client
        }

        let client = try server.connect()
        client.send(bytes)

        #expect(client.answer()?.hasSuffix("here") == true)
        for peer in stalled { #expect(peer.isClosed) }
    }

    @Test func `a request that comes in pieces is answered`() throws {
        let server = try Running(workers: 1) { .text(String($0.body.count)) }
        let client = try server.connect()

        for byte in request(body: Array(repeating: 7, count: 100), keep: true) {
            client.send([byte])
        }

        #expect(client.answer()?.hasSuffix("\r\n100") == true)
    }

    @Test func `peers that leave or send rubbish harm nobody`() throws {
        let server = try Running(workers: 1) { _ in .text("alive") }
        let whole = request()
        for count in 0...whole.count {
            try server.connect().send(Array(whole[..<count]))
        }
        let rubbish = try server.connect()
        rubbish.send(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
        #expect(rubbish.isClosed)

        let client = try server.connect()
        client.send(whole)

        #expect(client.answer()?.hasSuffix("alive") == true)
    }

    @Test func `the longest request that nginx sends is answered`() throws {
        let server = try Running(workers: 1) { .text("\($0.body.count)") }
        let client = try server.connect()
        let value = String(repeating: "v", count: 65_535 - 100)

        client.send(
            request(
                ["REQUEST_METHOD": "POST", "REQUEST_URI": "/", "HTTP_X": value],
                body: Array(repeating: 1, count: 16_384)))

        #expect(client.answer()?.hasSuffix("\r\n16384") == true)
    }

    @Test func `a large answer arrives whole`() throws {
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 3_000_000)
        let server = try Running { _ in
            FastCGIResponse(head: HTTPResponse(status: .ok), body: body)
        }
        let client = try server.connect()

        client.send(request())

        #expect(
            client.answer()?.utf8.count == "Status: 200 OK\r\nContent-Length: 3000000\r\n\r\n".utf8
                .count + body.count)
    }
}

extension HTTPField.Name {
    fileprivate static let proxy = HTTPField.Name("Proxy") ?? .accept
}

import FastCGI
import Testing
import Threads

struct WorkerExecutorTests {
    @Test func `a handler that waits gives its worker back`() throws {
        let gate = Gate()
        let server = try Running(workers: 1) { request in
            if request.target == "/slow" { await gate.wait() }
            return .text(request.target)
        }
        let slow = try server.connect()
        slow.send(request(["REQUEST_METHOD": "GET", "REQUEST_URI": "/slow"]))
        let quick = try server.connect()

        for _ in 0..<20 {
            quick.send(request(["REQUEST_METHOD": "GET", "REQUEST_URI": "/quick"], keep: true))
            #expect(quick.answer()?.hasSuffix("/quick") == true)
        }
        gate.open()

        #expect(slow.answer()?.hasSuffix("/slow") == true)
    }

    @Test func `a handler that yields in a loop gives its worker back`() throws {
        let isOver = Guarded(false)
        let server = try Running(workers: 1) { request in
            if request.target == "/end" { isOver.withLock { $0 = true } }
            while !isOver.withLock({ $0 }) { await Task.yield() }
            return .text(request.target)
        }
        let yielding = try server.connect()
        yielding.send(request())
        let other = try server.connect()
        other.send(request(["REQUEST_METHOD": "GET", "REQUEST_URI": "/end"]))

        #expect(other.answer()?.hasSuffix("/end") == true)
        #expect(yielding.answer()?.hasSuffix("/") == true)
        // Only where it failed: let the server drain.
        isOver.withLock { $0 = true }
    }

    @Test func `many clients at once all get their own answers`() throws {
        let server = try Running(workers: 2) { request in
            if request.target.hasSuffix("7") { await Task.yield() }
            return .text(request.target)
        }
        let threads = try (0..<16).map { client in
            try Thread(named: "client") {
                guard let connection = try? server.connect() else { return }
                for number in 0..<200 {
                    let target = "/\(client)/\(number)"
                    connection.send(
                        request(["REQUEST_METHOD": "GET", "REQUEST_URI": target], keep: true))
                    if connection.answer()?.hasSuffix("\r\n\r\n\(target)") != true {
                        server.failures.withLock { $0 += 1 }
                    }
                }
                server.clients.withLock { $0 += 1 }
            }
        }
        for thread in threads { thread.join() }

        #expect(server.clients.withLock { $0 } == 16)
        #expect(server.failures.withLock { $0 } == 0)
    }
}

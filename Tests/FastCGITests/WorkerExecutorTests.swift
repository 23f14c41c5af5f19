import FastCGI
import Testing
import Threads

struct WorkerExecutorTests {
    @Test func `a handler that suspends frees its worker`() throws {
        let gate = Gate()
        let server = try RunningServer(workers: 1) { request in
            if request.target == "/slow" { await gate.wait() }
            return .text(request.target)
        }
        let slow = try server.connect()
        slow.send(request(["REQUEST_METHOD": "GET", "REQUEST_URI": "/slow"]))
        let quick = try server.connect()

        for _ in 0..<20 {
            quick.send(request(["REQUEST_METHOD": "GET", "REQUEST_URI": "/quick"], keep: true))
            #expect(quick.response()?.hasSuffix("/quick") == true)
        }
        gate.open()

        #expect(slow.response()?.hasSuffix("/slow") == true)
    }

    @Test func `a handler that yields in a loop frees its worker`() throws {
        let isOver = Guarded(false)
        let server = try RunningServer(workers: 1) { request in
            if request.target == "/end" { isOver.withLock { $0 = true } }
            while !isOver.withLock({ $0 }) { await Task.yield() }
            return .text(request.target)
        }
        let yielding = try server.connect()
        yielding.send(request())
        let other = try server.connect()
        other.send(request(["REQUEST_METHOD": "GET", "REQUEST_URI": "/end"]))

        #expect(other.response()?.hasSuffix("/end") == true)
        #expect(yielding.response()?.hasSuffix("/") == true)
        // If the test failed, this lets the server drain.
        isOver.withLock { $0 = true }
    }

    @Test func `each of many concurrent clients gets its own responses`() throws {
        let server = try RunningServer(workers: 2) { request in
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
                    if connection.response()?.hasSuffix("\r\n\r\n\(target)") != true {
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

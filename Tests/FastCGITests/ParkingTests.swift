import FastCGI
import Glibc
import Lanes
import Testing

/// What happens to requests that wait, and at the end of a server.
struct ParkingTests {
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
        let isOver = Monitor(false)
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

    @Test func `draining answers what has begun and then returns`() throws {
        let gate = Gate()
        let server = try Running(workers: 2) { _ in
            await gate.wait()
            return .text("late")
        }
        let waiting = try (0..<40).map { _ in
            let client = try server.connect()
            client.send(request(keep: true))
            return client
        }
        gate.untilWaiting(40)

        let drained = Monitor(false)
        let drain = try Thread(named: "drain") {
            server.drain()
            drained.withLock { $0 = true }
        }
        gate.open()
        for client in waiting { #expect(client.answer()?.hasSuffix("late") == true) }
        drain.join()

        #expect(drained.withLock { $0 })
        for client in waiting { #expect(client.isClosed) }
    }

    @Test func `a server that has nothing to do drains at once`() throws {
        let server = try Running(workers: 3) { _ in .text("") }
        let idle = try server.connect()
        idle.send(request(keep: true))
        #expect(idle.answer() != nil)

        server.drain()

        #expect(idle.isClosed)
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

/// Lets tasks wait until a test opens it.
private final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Monitor(State())

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
            state.wakeAll()
        }
    }

    func untilWaiting(_ count: Int) {
        state.wait(until: { $0.waiting.count >= count }, then: { _ in })
    }

    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

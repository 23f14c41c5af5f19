import FastCGI
import Glibc
import Testing
import Threads

struct ShutdownTests {
    @Test func `drain answers the requests that have begun, then returns`() throws {
        let gate = Gate()
        let server = try RunningServer(workers: 2) { _ in
            await gate.wait()
            return .text("late")
        }
        let waiting = try (0..<40).map { _ in
            let client = try server.connect()
            client.send(request(keep: true))
            return client
        }
        gate.waitForTasks(40)

        let drained = Guarded(false)
        let drain = try Thread(named: "drain") {
            server.drain()
            drained.withLock { $0 = true }
        }
        gate.open()
        for client in waiting { #expect(client.response()?.hasSuffix("late") == true) }
        drain.join()

        #expect(drained.withLock { $0 })
        for client in waiting { #expect(client.isClosed) }
    }

    @Test func `drain answers a connection whose request arrives only then`() throws {
        let server = try RunningServer(workers: 1) { _ in .text("late") }
        let silent = try server.connect()
        // One worker accepts the connections in order.
        let next = try server.connect()
        next.send(request(keep: true))
        #expect(next.response() != nil)

        let drain = try Thread(named: "drain") { server.drain() }
        // A worker that no longer waits for events is busy, and its heartbeat is odd.
        while server.heartbeats[0].isMultiple(of: 2) { sched_yield() }
        silent.send(request(keep: true))

        #expect(silent.response()?.hasSuffix("late") == true)
        drain.join()
        #expect(silent.isClosed && next.isClosed)
    }

    @Test func `drain does not wait long for a connection that sends nothing`() throws {
        let server = try RunningServer(workers: 1, timeout: .seconds(60)) { _ in .text("") }
        let silent = try server.connect()
        let next = try server.connect()
        next.send(request(keep: true))
        #expect(next.response() != nil)

        server.drain()

        #expect(silent.isClosed)
    }

    @Test func `an idle server drains at once`() throws {
        let server = try RunningServer(workers: 3) { _ in .text("") }
        let idle = try server.connect()
        idle.send(request(keep: true))
        #expect(idle.response() != nil)

        server.drain()

        #expect(idle.isClosed)
    }
}

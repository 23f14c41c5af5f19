import FastCGI
import Testing
import Threads

struct WorkerHeartbeatTests {
    @Test func `the worker that is held has an odd number that stays, the others wait`() throws {
        let state = Guarded((isHeld: true, isReached: false))
        let server = try Running(workers: 2) { request in
            if request.target == "/hold" {
                state.withLock { $0.isReached = true }
                state.wakeAll()
                // Without an await: the worker itself is held.
                state.wait(until: { !$0.isHeld }, then: { _ in })
            }
            return .text("here")
        }
        defer {
            state.withLock { $0.isHeld = false }
            state.wakeAll()
        }
        let held = try server.connect()
        held.send(request(["REQUEST_METHOD": "GET", "REQUEST_URI": "/hold"]))
        state.wait(until: { $0.isReached }, then: { _ in })
        let before = server.heartbeats

        for _ in 0..<10 {
            let client = try server.connect()
            client.send(request())
            #expect(client.answer()?.hasSuffix("here") == true)
        }

        let after = server.heartbeats
        let same = zip(before, after).filter { $0 == $1 && !$1.isMultiple(of: 2) }
        #expect(same.count == 1)
        #expect(zip(before, after).contains { $0 + 10 <= $1 })
    }
}

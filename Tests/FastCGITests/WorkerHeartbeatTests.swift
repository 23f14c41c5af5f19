import FastCGI
import Testing
import Threads

struct WorkerHeartbeatTests {
    @Test func `the heartbeat of a blocked worker is odd and does not change; others advance`()
        throws
    {
        let state = Guarded((isBlocked: true, isReached: false))
        let server = try RunningServer(workers: 2) { request in
            if request.target == "/hold" {
                state.withLock { $0.isReached = true }
                state.wakeAll()
                // This blocks the worker itself, because it does not await.
                state.wait(until: { !$0.isBlocked }, then: { _ in })
            }
            return .text("here")
        }
        defer {
            state.withLock { $0.isBlocked = false }
            state.wakeAll()
        }
        let blocked = try server.connect()
        blocked.send(request(["REQUEST_METHOD": "GET", "REQUEST_URI": "/hold"]))
        state.wait(until: { $0.isReached }, then: { _ in })
        let before = server.heartbeats

        for _ in 0..<10 {
            let client = try server.connect()
            client.send(request())
            #expect(client.response()?.hasSuffix("here") == true)
        }

        let after = server.heartbeats
        let stuck = zip(before, after).filter { $0 == $1 && !$1.isMultiple(of: 2) }
        #expect(stuck.count == 1)
        #expect(zip(before, after).contains { $0 + 10 <= $1 })
    }
}

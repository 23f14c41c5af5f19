import Testing
import Threads

struct GuardedTests {
    @Test func `only one thread at a time has access to the value`() throws {
        let count = Guarded(0)
        let threads = try (0..<4).map { _ in
            try Thread(named: "counting") {
                for _ in 0..<10_000 { count.withLock { $0 += 1 } }
            }
        }
        for thread in threads { thread.join() }

        #expect(count.withLock { $0 } == 40_000)
    }

    @Test func `a waiting thread continues when its condition holds, not when it is woken`() throws
    {
        let state = Guarded(0)
        // How often the condition was checked, and the value once it was true.
        let seen = Guarded((checks: 0, found: 0))
        let waiting = try Thread(named: "waiting") {
            let found = state.wait(
                until: { state in
                    seen.withLock { $0.checks += 1 }
                    seen.wakeAll()
                    return state == 2
                }, then: { $0 })
            seen.withLock { $0.found = found }
            seen.wakeAll()
        }

        for value in 1...2 {
            seen.wait(until: { $0.checks >= value || $0.found > 0 }, then: { _ in })
            state.withLock { $0 = value }
            state.wakeOne()
        }
        waiting.join()

        #expect(seen.withLock(\.found) == 2)
    }

    @Test func `an error thrown under the lock releases it`() {
        struct Failure: Error {}
        let count = Guarded(0)

        #expect(throws: Failure.self) {
            try count.withLock { count in
                count = 1
                throw Failure()
            }
        }

        #expect(count.withLock { $0 } == 1)
    }
}

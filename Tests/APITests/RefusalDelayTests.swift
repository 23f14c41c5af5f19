import Testing

@testable import API

struct RefusalDelayTests {
    @Test func `only a bounded number of refused logins wait, and all are answered at the end`()
        async throws
    {
        let delay = RefusalDelay(.seconds(3600))
        await withTaskGroup(of: Void.self) { group in
            let each = RefusalDelay.maximumOfNetwork
            for _ in 1...each { group.addTask { await delay.wait(for: "192.0.2.1") } }
            while delay.waiting < each { await Task.yield() }

            // Returns at once.
            await delay.wait(for: "192.0.2.1")
            #expect(delay.waiting == each)

            for number in each..<RefusalDelay.maximum {
                group.addTask { await delay.wait(for: "network \(number)") }
            }
            while delay.waiting < RefusalDelay.maximum { await Task.yield() }

            // Returns at once.
            await delay.wait(for: "192.0.2.2")
            #expect(delay.waiting == RefusalDelay.maximum)

            delay.end()
            await group.waitForAll()
        }
        #expect(delay.waiting == 0)
        // Returns at once.
        await delay.wait(for: "192.0.2.1")
    }

    @Test func `a refused login waits as long as it is told`() async {
        let delay = RefusalDelay(.milliseconds(50))
        let start = ContinuousClock.now
        await delay.wait(for: "192.0.2.1")
        #expect(ContinuousClock.now - start >= .milliseconds(50))
        #expect(delay.waiting == 0)
    }

    @Test func `only a request that may be repeated later waits`() async throws {
        let service = try await TestService(hashingQueue: 8, refusalDelay: .seconds(2))
        func duration(_ password: String) async -> (status: Int, time: Duration) {
            let start = ContinuousClock.now
            let reply = await service.call(
                "POST", "/api/auth/login",
                json: #"{"username":"john@example.com","password":"\#(password)"}"#)
            return (reply.status, ContinuousClock.now - start)
        }
        // Other work on the machine can only add to a time, so the shortest one counts.
        var refused: [Duration] = []
        for _ in 1...10 {
            let (status, time) = await duration("Wrong@1234")
            if status == 429 { break }
            #expect(status == 401)
            refused.append(time)
        }
        #expect((refused.min() ?? .seconds(2)) < .seconds(2))

        let (status, time) = await duration("Wrong@1234")
        #expect(status == 429)
        #expect(time >= .seconds(2))
    }
}

import Settings
import TestSupport
import Testing

@testable import gatehouse

struct WatchdogTests {
    @Test func `the interval is a third of the service manager's timeout`() throws {
        let watchdog = try #require(
            Watchdog(
                environment: ["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"], process: 7))
        #expect(watchdog.interval == .seconds(10))
    }

    @Test(arguments: [
        [:], ["WATCHDOG_USEC": "0"], ["WATCHDOG_USEC": "soon"],
        ["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"],
    ])
    func `there is no watchdog unless one is set for this process`(environment: [String: String]) {
        #expect(Watchdog(environment: environment, process: 7) == nil)
    }

    @Test func `a worker that is busy with the same request for two checks is stuck`() throws {
        var watchdog = try #require(
            Watchdog(environment: ["WATCHDOG_USEC": "3000000"], process: 7))
        let results = [[1, 2], [3, 2], [3, 4], [4, 4]].map { watchdog.isMakingProgress($0) }
        // An even number is an idle worker. The first worker was busy (3) for two checks.
        #expect(results == [true, true, false, true])
    }
}

import Settings
import TestSupport
import Testing

@testable import gatehouse

struct WatchdogTests {
    @Test func `it looks three times in the time that the service manager gives`() throws {
        let watchdog = try #require(
            Watchdog(
                environment: ["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"], process: 7))
        #expect(watchdog.interval == .seconds(10))
    }

    @Test(arguments: [
        [:], ["WATCHDOG_USEC": "0"], ["WATCHDOG_USEC": "soon"],
        ["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"],
    ])
    func `nothing is watched where nobody asked this process`(environment: [String: String]) {
        #expect(Watchdog(environment: environment, process: 7) == nil)
    }

    @Test func `a worker that is at the same thing for two looks does not move`() throws {
        var watchdog = try #require(
            Watchdog(environment: ["WATCHDOG_USEC": "3000000"], process: 7))
        let looks = [[1, 2], [3, 2], [3, 4], [4, 4]].map { watchdog.isMoving($0) }
        // The second worker waits, however long; the first was at 3 for two looks.
        #expect(looks == [true, true, false, true])
    }
}

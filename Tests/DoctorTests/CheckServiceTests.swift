import Testing

@testable import Doctor

struct CheckServiceTests {
    @Test func `a unit must be active and enabled`() {
        #expect(Check.findings(of: "a.service", active: "active", enabled: "enabled").isEmpty)
        #expect(Check.findings(of: "a.service", active: "active", enabled: "static").isEmpty)
        #expect(
            Check.findings(of: "a.service", active: "failed", enabled: "enabled")
                .map(\.severity) == [.error])
        #expect(
            Check.findings(of: "a.service", active: "inactive", enabled: "")
                .map(\.severity) == [.error])
        #expect(
            Check.findings(of: "a.service", active: "active", enabled: "disabled")
                .map(\.severity) == [.warning])
    }

    @Test(arguments: [
        ("active", "enabled", 0), ("active", "disabled", 1), ("inactive", "enabled", 1),
        ("inactive", "disabled", 1), ("failed", "enabled", 1), ("inactive", "masked", 0),
        ("", "", 1),
    ])
    func `the timer of the backups must be active and enabled, or masked`(
        active: String, enabled: String, count: Int
    ) {
        let found = Check.findings(ofTimer: "b.timer", active: active, enabled: enabled)
        #expect(found.map(\.severity) == Array(repeating: .warning, count: count))
    }

    @Test func `the clock must be synchronised`() throws {
        #expect(try Check.findings(ofClock: "yes").isEmpty)
        #expect(try Check.findings(ofClock: "no").map(\.severity) == [.warning])
        #expect(throws: Skipped.self) { try Check.findings(ofClock: "") }
    }
}

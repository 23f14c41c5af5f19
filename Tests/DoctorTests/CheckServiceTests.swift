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

    @Test func `the clock must be synchronised`() throws {
        #expect(try Check.findings(ofClock: "yes").isEmpty)
        #expect(try Check.findings(ofClock: "no").map(\.severity) == [.warning])
        #expect(throws: Skipped.self) { try Check.findings(ofClock: "") }
    }
}

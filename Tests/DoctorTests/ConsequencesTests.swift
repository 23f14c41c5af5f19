import Identity
import Testing

@testable import Doctor

struct ConsequencesTests {
    private func finding(_ check: String, _ severity: Finding.Severity = .error) -> Finding {
        var finding = Finding(severity: severity, what: "", why: "", cure: "")
        finding.check = check
        return finding
    }

    @Test func `a server that does not start is reported once, with the cause`() {
        let found = ["settings-wrong", "socket-silent", "site-answer", "service-stopped"].map {
            finding($0)
        }
        let causes = found.map { Consequences.cause(of: $0.check, among: found) }
        #expect(causes == [nil, "settings-wrong", "settings-wrong", "settings-wrong"])
    }

    @Test func `a warning causes nothing`() {
        let found = [finding("database-version", .warning), finding("service-stopped")]
        #expect(Consequences.cause(of: "service-stopped", among: found) == nil)
    }

    @Test func `no two checks cause each other, and all of them exist`() {
        let names = Check.all.map(\.name)
        for one in names {
            for other in names where one != other {
                let found = [finding(one), finding(other)]
                #expect(
                    Consequences.cause(of: one, among: found) == nil
                        || Consequences.cause(of: other, among: found) == nil)
            }
        }
        #expect(Consequences.checks.isSubset(of: names))
    }

    @Test func `a hidden finding is listed as skipped, and does not count`() {
        let checks = ["socket-missing", "site-answer"].map { name in
            Check(name) { _ in [.error("What.", why: "Why.", cure: "cure")] }
        }
        let report = DoctorReport(
            of: Installation(.init(), variables: [:], now: Timestamp(seconds: 0)), checks: checks)
        #expect(report.findings.map(\.check) == ["socket-missing"])
        #expect(
            report.skippedLines == ["Skipped site-answer: its finding follows from socket-missing."]
        )
    }
}

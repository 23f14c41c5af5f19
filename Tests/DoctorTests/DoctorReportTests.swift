import Identity
import JSON
import Testing

@testable import Doctor

struct DoctorReportTests {
    @Test func `the report lists errors, then warnings, then skipped checks`() throws {
        let checks = [
            Check("one") { _ in [.warning("What one.", why: "Why one.", cure: "cure one")] },
            Check("two") { _ in [.error("What two.", why: "Why two.", cure: "cure two")] },
            Check("three") { _ in throw Skipped("no permission") },
            Check("four") { _ in [] },
            Check("five") { _ in throw Skipped("no permission") },
        ]
        let report = DoctorReport(
            of: Installation(.init(), variables: [:], now: Timestamp(seconds: 0)), checks: checks)

        #expect(report.status == 2)
        #expect(
            report.text == """
                error: two
                  What two.
                  Why two.
                  Cure: cure two

                warning: one
                  What one.
                  Why one.
                  Cure: cure one

                Skipped three, five: no permission.

                Checks: 5, errors: 1, warnings: 1, skipped checks: 2.
                """)
        let json = Array(Finding.json(of: report.findings).utf8)
        #expect(json.first == UInt8(ascii: "["))
        let lines = json.split(separator: 0x0A).dropFirst().dropLast()
        let first = try JSONObject(Array(try #require(lines.first).dropLast()).span)
        #expect(first.members.map(\.name) == ["severity", "check", "what", "why", "cure"])
        #expect(first["check"]?.string == "one")
        #expect(Finding.json(of: []) == "[]")
    }

    @Test func `the exit status is that of the worst finding`() {
        let installation = Installation(.init(), variables: [:], now: Timestamp(seconds: 0))
        let warning = Check("warning") { _ in [.warning("", why: "", cure: "")] }
        #expect(DoctorReport(of: installation, checks: []).status == 0)
        #expect(DoctorReport(of: installation, checks: [warning]).status == 1)
    }

    @Test func `every check has a name of its own`() {
        let names = Check.all.map(\.name)
        #expect(Set(names).count == names.count)
    }
}

import Glibc
import JSON
import Settings
import TestSupport
import Testing

@testable import Doctor

struct DoctorTests {
    @Test func `findings are sorted by severity and counted, with what was skipped`() throws {
        let checks = [
            Check("one") { _ in [.warning("What one.", why: "Why one.", cure: "cure one")] },
            Check("two") { _ in [.error("What two.", why: "Why two.", cure: "cure two")] },
            Check("three") { _ in throw Skipped("no eyes") },
            Check("four") { _ in [] },
            Check("five") { _ in throw Skipped("no eyes") },
        ]
        let report = DoctorReport(of: Installation(.init(), variables: [:]), checks: checks)

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

                Skipped: three, five: no eyes.

                5 checks: 1 error, 1 warning, 2 skipped.
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
        let installation = Installation(.init(), variables: [:])
        let doubt = Check("doubt") { _ in [.warning("", why: "", cure: "")] }
        #expect(DoctorReport(of: installation, checks: []).status == 0)
        #expect(DoctorReport(of: installation, checks: [doubt]).status == 1)
    }

    @Test func `every look has a name of its own`() {
        let names = Check.all.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func `a further site has files of its own`() throws {
        var choices = Installation.Choices()
        choices.instance = "shop"
        let installation = Installation(choices, variables: ["PATH": "/usr/bin"])
        #expect(try installation.databasePath == "/var/lib/gatehouse@shop/gatehouse.db")
        #expect(try installation.socketPath == "/run/gatehouse@shop/gatehouse.sock")
        #expect(
            installation.reader.environment["JWT_SECRET_FILE"] == "/etc/gatehouse/jwt-secret@shop")
        #expect(installation.unit == "gatehouse@shop")
    }

    @Test func `what is set wins over what systemd would hand out`() throws {
        let installation = Installation(
            .init(),
            variables: [
                "JWT_SECRET": "0123456789abcdefghijklmnopqrstuvwxyz", "GATEHOUSE_SETTINGS": "",
                "GATEHOUSE_DATABASE": "/srv/db", "GATEHOUSE_LISTEN": "tcp:127.0.0.1:9000",
            ])
        #expect(try installation.databasePath == "/srv/db")
        #expect(throws: Skipped.self) { try installation.socketPath }
        #expect(installation.reader.problems.isEmpty)
    }

    @Test(arguments: [
        ("/etc/a-b_c.d", "/etc/a-b_c.d"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#), ("", "''"),
        ("$x;y", "'$x;y'"),
    ])
    func `a cure can be pasted into a shell`(text: String, word: String) {
        #expect(text.asShellWord == word)
    }

    @Test func `units are to be active and enabled`() {
        #expect(Check.diagnosis(of: "a.service", active: "active", enabled: "enabled").isEmpty)
        #expect(Check.diagnosis(of: "a.service", active: "active", enabled: "static").isEmpty)
        #expect(
            Check.diagnosis(of: "a.service", active: "failed", enabled: "enabled")
                .map(\.severity) == [.error])
        #expect(
            Check.diagnosis(of: "a.service", active: "inactive", enabled: "")
                .map(\.severity) == [.error])
        #expect(
            Check.diagnosis(of: "a.service", active: "active", enabled: "disabled")
                .map(\.severity) == [.warning])
    }

    @Test func `the clock is to be synchronised`() throws {
        #expect(try Check.diagnosis(ofClock: "yes").isEmpty)
        #expect(try Check.diagnosis(ofClock: "no").map(\.severity) == [.warning])
        #expect(throws: Skipped.self) { try Check.diagnosis(ofClock: "") }
    }

    @Test(arguments: [
        ("https://www.example.com", "https://www.example.com"),
        ("https://WWW.example.com:443/", "https://www.example.com"),
        ("https://localhost:8443", "https://localhost:8443"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ])
    func `the page's address is an origin of https`(text: String, shown: String) throws {
        #expect(try WebAddress(text).description == shown)
    }

    @Test(arguments: [
        "", "www.example.com", "http://a.example", "https://a.example/x", "https://a,b",
    ])
    func `and nothing else`(text: String) {
        #expect(throws: InvalidValue.self) { try WebAddress(text) }
    }

    @Test func `an answer is read as curl prints it`() throws {
        let answer = try #require(
            SiteClient.Response(
                "HTTP/1.1 200 OK\r\nX-One: 1\r\nSet-Cookie: a=b: c\r\n\r\n{\"a\":\r\n1}\n\n"))
        #expect(answer.status == 200)
        #expect(answer.header("x-one") == "1")
        #expect(answer.header("set-cookie") == "a=b: c")
        #expect(answer.body == "{\"a\":\n1}\n\n")
        #expect(SiteClient.Response("") == nil)
        #expect(SiteClient.Response("hello\n\n") == nil)
    }

    @Test func `a status is read out of FastCGI's records`() {
        func record(_ kind: UInt8, _ text: String, padding: Int = 0) -> [UInt8] {
            [1, kind, 0, 1, 0, UInt8(text.utf8.count), UInt8(padding), 0]
                + Array(text.utf8) + [UInt8](repeating: 0, count: padding)
        }
        let answer =
            record(7, "Status: 500") + record(6, "Sta", padding: 5)
            + record(6, "tus: 200 OK\r\nX: y\r\n\r\n") + record(3, "12345678")
        #expect(FastCGIProbe.status(in: answer) == 200)
        #expect(FastCGIProbe.status(in: []) == nil)
        #expect(FastCGIProbe.status(in: [1, 6, 0, 1, 255, 255, 0, 0, 65]) == nil)
    }
}

import Glibc
import Settings
import TestSupport
import Testing

@testable import Doctor

struct DoctorChildProcessTests {
    @Test func `a program says what it says and ends as it ends`() throws {
        let outcome = try ChildProcess.run(
            "sh", ["-c", "cat; echo bad >&2; exit 3"], input: "told\n")
        #expect(outcome.status == 3)
        #expect(outcome.output == "told\n")
        #expect(outcome.complaints == "bad\n")
    }

    @Test func `arguments are no shell's`() throws {
        #expect(try ChildProcess.run("echo", ["$HOME; *", "'"]).output == "$HOME; * '\n")
    }

    @Test func `more than a pipe holds is read, of both outputs`() throws {
        let outcome = try ChildProcess.run(
            "sh", ["-c", "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"])
        #expect(outcome.output.utf8.count == 300_000)
        #expect(outcome.complaints.utf8.count == 300_000)
    }

    @Test func `our environment is not handed on`() throws {
        #expect(setenv("DOCTOR_TEST", "secret", 1) == 0)
        defer { unsetenv("DOCTOR_TEST") }
        let names = try ChildProcess.run("env", []).output.split(separator: "\n").map {
            $0.prefix { $0 != "=" }
        }
        #expect(Set(names) == ["PATH", "LC_ALL", "HOME"])
    }

    @Test func `who takes too long is killed`() {
        #expect(throws: Skipped("sleep takes longer than 1 seconds")) {
            try ChildProcess.run("sleep", ["60"], seconds: 1)
        }
    }

    @Test func `a signal is no exit status`() throws {
        #expect(try ChildProcess.run("sh", ["-c", "kill -9 $$"]).status == -1)
    }

    @Test func `what is not installed is not run`() {
        #expect(throws: Skipped("no-such-program is not installed")) {
            try ChildProcess.run("no-such-program", [])
        }
        #expect(ChildProcess.find("/etc/passwd") == nil)
    }
}

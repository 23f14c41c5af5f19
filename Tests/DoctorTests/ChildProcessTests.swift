import Glibc
import Testing

@testable import Doctor

struct ChildProcessTests {
    @Test func `output, error output and exit status are returned`() throws {
        let outcome = try ChildProcess.run(
            "sh", ["-c", "cat; echo bad >&2; exit 3"], input: "hello\n")
        #expect(outcome.status == 3)
        #expect(outcome.output == "hello\n")
        #expect(outcome.errors == "bad\n")
    }

    @Test func `arguments are not interpreted by a shell`() throws {
        #expect(try ChildProcess.run("echo", ["$HOME; *", "'"]).output == "$HOME; * '\n")
    }

    @Test func `both outputs may be larger than the buffer of a pipe`() throws {
        let outcome = try ChildProcess.run(
            "sh", ["-c", "head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"])
        #expect(outcome.output.utf8.count == 300_000)
        #expect(outcome.errors.utf8.count == 300_000)
    }

    @Test func `the environment is not passed on`() throws {
        #expect(setenv("DOCTOR_TEST", "secret", 1) == 0)
        defer { unsetenv("DOCTOR_TEST") }
        let names = try ChildProcess.run("env", []).output.split(separator: "\n").map {
            $0.prefix { $0 != "=" }
        }
        #expect(Set(names) == ["PATH", "LC_ALL", "HOME"])
    }

    @Test func `a program is killed after the timeout`() {
        #expect(throws: Skipped("sleep did not finish within 1 s, or wrote over 16 MB")) {
            try ChildProcess.run("sleep", ["60"], seconds: 1)
        }
    }

    @Test func `a program ended by a signal has the status -1`() throws {
        #expect(try ChildProcess.run("sh", ["-c", "kill -9 $$"]).status == -1)
    }

    @Test func `a program that is not installed is skipped`() {
        #expect(throws: Skipped("no-such-program is not installed")) {
            try ChildProcess.run("no-such-program", [])
        }
        #expect(ChildProcess.find("/etc/passwd") == nil)
    }
}

import ArgumentParser
import Identity
import Settings
import TestSupport
import Testing

@testable import gatehouse

struct CommandLineTests {
    static let lines: [([String], Int32?)] = [
        (["user", "add", "a@b.io"], nil), (["user", "add", "a@b.io", "--role", "admin"], nil),
        (["user", "role", "a@b.io", "user"], nil), (["person", "add", "John", "Doe"], nil),
        (["person", "list"], nil), (["person", "list", "lo"], nil),
        (["person", "remove", "7"], nil),
        (["person", "remove", "John"], 64), (["person", "remove"], 64), (["why", "a@b.io"], nil),
        (["why"], 64), (["user", "list", "b.io", "--role", "admin", "--disabled"], nil),
        (["user", "add", "a@b.io", "--generate"], nil),
        (["user", "password", "a@b.io", "--generate"], nil), (["events", "--each"], nil),
        (["user", "role", "a@b.io", "king"], 64), (["user", "add"], 64), (["user", "ad", "x"], 64),
        (["user", "add", "a@b.io", "password"], 64), (["serve", "now"], 64), (["frob"], 64),

        (["session", "list", "a@b.io"], nil), (["session", "list"], 64),
        (["session", "end", "9223372036854775807"], nil),
        (["session", "end", "--all", "a@b.io"], nil), (["session", "end"], 64),
        (["session", "end", "7", "--all", "a@b.io"], 64),
        (["session", "end", "9223372036854775808"], 64), (["session", "end", "a@b.io"], 64),

        (["events"], nil), (["events", "--account", "a@b.io", "--json"], nil),
        (["events", "--kind", "login", "reuse", "--kind", "logout"], nil),
        (["events", "--session", "7", "--since", "2h", "--limit", "1000000"], nil),
        (["events", "--since", "2026-11-24"], nil), (["events", "--limit", "0"], 64),
        (["events", "--limit", "1000001"], 64), (["events", "--kind", "logon"], 64),
        (["events", "--since", "yesterday"], 64), (["events", "a@b.io"], 64),
        (["events", "--session", "x"], 64),

        (["backup", "a"], nil), (["backup", "a", "--force"], nil),
        (["backup", "--verify", "a"], nil), (["backup", "--verify", "--force", "a"], 64),
        (["backup"], 64), (["backup", ""], 64), (["backup", "a/"], 64), (["backup", "a", "b"], 64),
        (["restore", "a"], nil), (["restore"], 64), (["restore", "a", "b"], 64),

        (["import", "--users", "u.csv"], nil), (["import", "--people", "p.JSON"], nil),
        (["import", "--users", "-", "--format", "csv", "--people", "p.tsv", "--dry-run"], nil),
        (["import", "--users", "u.csv", "--ignore", "a", "--ignore", "b"], nil),
        (["import"], 64), (["import", "u.csv"], 64), (["import", "--users", "-"], 64),
        (["import", "--users", "u.xlsx"], 64),
        (["import", "--users", "u.csv", "--people", "-"], 64),
        (["import", "--users", "-", "--people", "-", "--format", "csv"], 64),
        (["import", "--users", "u.csv", "--format", "xml"], 64),

        (["doctor"], nil), (["doctor", "--json", "--site", "https://a.example"], nil),
        (["doctor", "--instance", "shop"], nil), (["doctor", "a"], 64),
    ]

    @Test(arguments: lines)
    func `a command line is accepted or rejected as wrong usage`(
        arguments: [String], code: Int32?
    ) throws {
        do {
            _ = try Gatehouse.parseAsRoot(arguments)
            #expect(code == nil)
        } catch {
            #expect(Gatehouse.exitCode(for: error).rawValue == code)
        }
    }

    @Test(arguments: [
        (["usr"], "did you mean `gatehouse user`?"),
        (["users", "list"], "did you mean `gatehouse user`?"),
        (["User"], "did you mean `gatehouse user`?"),
        (["user", "lst"], "did you mean `gatehouse user list`?"),
        (["key", "rotat", "--file", "x"], "did you mean `gatehouse key rotate`?"),
        (["frobnicate"], "`gatehouse --help` lists them"),
        (["user", "frobnicate"], "`gatehouse user --help` lists them"),
    ])
    func `a mistyped command is explained with the most similar one`(
        arguments: [String], cure: String
    ) throws {
        let typo = try #require(CommandTypo(in: arguments))

        #expect(typo.description.hasSuffix(cure), "\(typo)")
        #expect(throws: (any Error).self) { try Gatehouse.parseAsRoot(arguments) }
    }

    @Test(arguments: [
        [], ["--help"], ["--version"], ["help"], ["help", "user"], ["user"], ["user", "--help"],
        ["user", "list", "usr"], ["events", "--jsn"], ["serve"], ["person", "add", "A", "B"],
    ])
    func `any other command line is left to the parser`(arguments: [String]) {
        #expect(CommandTypo(in: arguments) == nil)
    }

    @Test func `several --kind options are combined`() throws {
        let command = try #require(
            try Gatehouse.parseAsRoot([
                "events", "--kind", "login", "reuse", "--limit", "5", "--kind", "failed-login",
            ]) as? EventsCommand)

        #expect(command.kinds == [.login, .reuse, .failedLogin])
    }
}

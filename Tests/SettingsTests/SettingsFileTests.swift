import Glibc
import TestSupport
import Testing

@testable import Settings

struct SettingsFileTests {
    private func read(_ text: String) throws -> SettingsFile {
        let file = try TemporaryFile(text)
        return SettingsFile(environment: ["GATEHOUSE_SETTINGS": file.path])
    }

    @Test func `a line is a setting, blank or a comment`() throws {
        let file = try read(
            """
            # GATEHOUSE_WORKERS=1
            ; GATEHOUSE_WORKERS=2

              GATEHOUSE_WORKERS=3\u{20}
            GATEHOUSE_LOG_LEVEL="debug"
            GATEHOUSE_ENVIRONMENT='a=b'
            NODE_ENV=
            """)

        #expect(file.problems == [])
        #expect(
            file.values == [
                "GATEHOUSE_WORKERS": "3", "GATEHOUSE_LOG_LEVEL": "debug",
                "GATEHOUSE_ENVIRONMENT": "a=b", "NODE_ENV": "",
            ])
    }

    @Test(arguments: [
        ("GATEHOUSE_WORKERS 3", "line 2 is not NAME=value"),
        ("export GATEHOUSE_WORKERS=3", "line 2 begins with export; remove that word"),
        ("hunter2hunter2hunter2hunter2==", "line 2 does not start with a setting's name"),
        ("GATEHOUSE_SETTINGS=/x", "line 2 sets GATEHOUSE_SETTINGS, which only an environment"),
        ("GATEHOUSE_WORKERS=3\\", "line 2 is not NAME=value"),
        ("NODE_ENV=x\nNODE_ENV=y", "line 3 sets NODE_ENV again"),
        ("hunter2", "line 2 is not NAME=value"),
    ])
    func `any other line is rejected by its number and not shown`(
        line: String, problem: String
    ) throws {
        let file = try read("\n\(line)\n")

        #expect(file.problems.count == 1)
        #expect(file.problems[0].text.hasPrefix(problem), "\(file.problems)")
        #expect(!file.problems[0].text.contains("hunter2"))
        let reader = SettingsReader(environment(), file: file)
        #expect(throws: SettingsError.self) { try ServerSettings(from: reader) }
    }

    @Test(arguments: [
        ("GATEHOUSE_WORKER", "GATEHOUSE_WORKERS"), ("GATEHOUSE_DATABSE", "GATEHOUSE_DATABASE"),
        ("JWT_EXPIRE_IN", "JWT_EXPIRES_IN"), ("gatehouse_strict", "GATEHOUSE_STRICT"),
        ("GATEHOUSE_STRICT ", "GATEHOUSE_STRICT"), ("PATH_TO_DATA", nil),
        ("GATEHOUSE_FROBNICATION_POLICY", nil),
    ])
    func `a misspelt name is rejected with the most similar name`(
        misspelt: String, meant: String?
    ) throws {
        let problem = try #require(try read("\n\(misspelt)=hunter2\n").problems.first)

        let cure =
            meant.map { "did you mean \($0)?" } ?? "`gatehouse check --explain` lists the settings"
        #expect(problem.text.hasPrefix("line 2 "), "\(problem)")
        #expect(problem.text.hasSuffix(cure), "\(problem)")
        #expect(meant == nil || problem.text.contains(misspelt.quoted), "\(problem)")
        #expect(!problem.text.contains("hunter2"))
    }

    @Test func `the environment takes precedence over the file, and check shows the source`() throws
    {
        let file = try read("GATEHOUSE_WORKERS=3\nGATEHOUSE_HASHING_QUEUE=5\n")
        var reader = SettingsReader(environment(["GATEHOUSE_WORKERS": "4"]), file: file)
        let settings = try #require(ServerSettings(&reader))

        #expect(settings.workers == 4)
        #expect(settings.hashingQueue == 5)
        let sources = Dictionary(
            uniqueKeysWithValues: reader.readings.map { ($0.setting.name, $0.source) })
        #expect(sources["GATEHOUSE_WORKERS"] == .environment)
        #expect(sources["GATEHOUSE_HASHING_QUEUE"] == .file)
        #expect(sources["GATEHOUSE_SOCKET_MODE"] == .defaultValue)
    }

    @Test func `an unreadable settings file is rejected`() throws {
        let variables = environment(["GATEHOUSE_SETTINGS": "/nonexistent"])
        let reader = SettingsReader(variables, file: SettingsFile(environment: variables))

        let error = try #require(throws: SettingsError.self) { try ServerSettings(from: reader) }
        #expect(error.description.contains("/nonexistent: this settings file does not exist"))
    }

    @Test func `an empty file name means no file`() throws {
        let file = SettingsFile(environment: ["GATEHOUSE_SETTINGS": ""])

        #expect(file.values == [:] && file.problems == [])
    }

    @Test func `a secret in a settings file that every user can read gives a warning`() throws {
        let file = try TemporaryFile("JWT_SECRET=0123456789abcdefghijklmnopqrstuvwxyzABCDEFG\n")
        let variables = ["GATEHOUSE_SETTINGS": file.path]
        #expect(SettingsFile(environment: variables).warnings == [])
        chmod(file.path, 0o644)
        #expect(SettingsFile(environment: variables).warnings.map(\.name) == ["JWT_SECRET"])
    }
}

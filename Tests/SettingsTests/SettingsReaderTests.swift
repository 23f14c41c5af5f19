import TestSupport
import Testing

@testable import Settings

struct SettingsReaderTests {
    @Test(arguments: [
        ("GATEHOUSE_DATABSE", "GATEHOUSE_DATABASE"), ("GATEHOUSE_WORKER", "GATEHOUSE_WORKERS"),
        ("GATEHOUSE_LOGLEVEL", "GATEHOUSE_LOG_LEVEL"), ("GATEHOUSE_LISTEM", "GATEHOUSE_LISTEN"),
        ("GATEHOUSE_ENVIROMENT", "GATEHOUSE_ENVIRONMENT"),
        ("GATEHOUSE_PASSWORD_COSTS", "GATEHOUSE_PASSWORD_COST"),
    ])
    func `a misspelt name is rejected with the most similar name`(
        misspelt: String, meant: String
    ) throws {
        let reader = SettingsReader(environment([misspelt: "hunter2"]))

        let problem = try #require(reader.problems.first)
        #expect(problem.description == "\(misspelt): is not a setting; did you mean \(meant)?")
        #expect(reader.problems.count == 1)
    }

    @Test func `a name that resembles no setting is rejected without a suggestion`() throws {
        let reader = SettingsReader(environment(["GATEHOUSE_FROBNICATION_POLICY": "1"]))

        let problem = try #require(reader.problems.first)
        #expect(problem.description.contains("gatehouse check --explain"))
        #expect(!problem.description.contains("did you mean"))
    }

    @Test func `a name with a line break is shown on one line`() throws {
        let reader = SettingsReader(environment(["GATEHOUSE_A\nB": "1"]))

        let problem = try #require(reader.problems.first)
        #expect(!problem.description.contains("\n"))
    }

    @Test func `unknown names without our prefix are ignored`() {
        let reader = SettingsReader(environment(["PORT": "80", "gatehouse_x": "1"]))

        #expect(reader.problems == [])
    }

    @Test(arguments: [
        ("2 days", "\"2 days\""), ("a\nb", "\"a\\u{a}b\""), ("\u{1B}[2J", "\"\\u{1b}[2J\""),
        ("say \"x\"", "\"say \\\"x\\\"\""), ("\u{202E}abc", "\"\\u{202e}abc\""), ("é", "\"é\""),
    ])
    func `a value is quoted and escaped onto one line`(value: String, shown: String) {
        #expect(value.quoted == shown)
    }

    @Test func `a long value is shortened`() {
        #expect(String(repeating: "x", count: 1000).quoted.count == 63)
    }
}

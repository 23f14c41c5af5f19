import TestSupport
import Testing

@testable import Settings

struct PasswordHelpTests {
    @Test(arguments: ["", "  "])
    func `without a sentence the page has its own`(value: String) throws {
        #expect(try help(value) == nil)
    }

    /// Values, with the text and the address that they have.
    static let good: [(String, String, String?)] = [
        ("Ask at the front desk.", "Ask at the front desk.", nil),
        (
            "Write to  mailto:help@example.com ", "Write to",
            "mailto:help@example.com"
        ),
        (
            "Vergessen? Hier: https://hilfe.example/passwort?a=b#c", "Vergessen? Hier:",
            "https://hilfe.example/passwort?a=b#c"
        ),
        ("<b>Call</b> 555 & \"Zoë\"", "<b>Call</b> 555 & \"Zoë\"", nil),
    ]

    @Test(arguments: good)
    func `an address at the end is apart from the text`(
        value: String, text: String, address: String?
    ) throws {
        #expect(try help(value) == PasswordHelp(text: text, address: address))
    }

    @Test(arguments: [
        "Write to mailto:help@example.com.", "Go to https://help.example/, please",
        "Go to http://help.example/", "Click javascript:alert(1)", "https://help.example/",
        "Go to https://", "Go to https:///x", "Write to mailto:help", "Go to HTTPS://help.example",
        "Go to https://hölp.example/", "Go to https://a.example https://b.example",
        "Two\nlines", String(repeating: "a", count: 301),
    ])
    func `a wrong value stops the start with one line`(value: String) throws {
        let error = try #require(throws: SettingsError.self) { try help(value) }

        #expect(error.problems.map(\.name) == ["GATEHOUSE_PASSWORD_HELP"])
        #expect(error.problems.allSatisfy { $0.text.contains("write") }, "\(error)")
        #expect(!error.problems[0].text.contains("\n"))
    }

    private func help(_ value: String) throws -> PasswordHelp? {
        try ServerSettings(environment: environment(["GATEHOUSE_PASSWORD_HELP": value]))
            .site.passwordHelp
    }
}

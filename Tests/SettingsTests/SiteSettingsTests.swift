import TestSupport
import Testing

@testable import Settings

struct SiteSettingsTests {
    @Test func `the page has its own name, logo and colour unless they are set`() throws {
        let site = try site([:])

        #expect(site.name == nil)
        #expect(site.logo == nil)
        #expect(site.color == nil)
    }

    @Test func `an empty value is the page's own`() throws {
        let empty = try site([
            "GATEHOUSE_SITE_NAME": " ", "GATEHOUSE_SITE_LOGO": "", "GATEHOUSE_SITE_COLOR": "",
        ])

        #expect(try empty == site([:]))
    }

    @Test func `name, logo and colour are read as they are written`() throws {
        let site = try site([
            "GATEHOUSE_SITE_NAME": " Zoë's <b>Club</b> & \"Friends\" ",
            "GATEHOUSE_SITE_LOGO": "/images/our%20logo.svg?2",
            "GATEHOUSE_SITE_COLOR": "#B0002A",
        ])

        #expect(site.name == "Zoë's <b>Club</b> & \"Friends\"")
        #expect(site.logo == "/images/our%20logo.svg?2")
        #expect(site.color == "#b0002a")
    }

    @Test func `the longest name is accepted, one character more is not`() throws {
        let longest = String(repeating: "ä", count: 60)

        #expect(try site(["GATEHOUSE_SITE_NAME": longest]).name == longest)
        #expect(throws: SettingsError.self) { try site(["GATEHOUSE_SITE_NAME": longest + "b"]) }
    }

    /// Invalid values, with a part of the error message.
    static let bad: [(String, String, String)] = [
        ("GATEHOUSE_SITE_NAME", "My\nclub", "one line"),
        ("GATEHOUSE_SITE_NAME", "My\u{2028}club", "one line"),
        ("GATEHOUSE_SITE_NAME", "My\u{0}club", "one line"),
        ("GATEHOUSE_SITE_LOGO", "logo.svg", "/logo.svg"),
        ("GATEHOUSE_SITE_LOGO", "//elsewhere.example/logo.svg", "/logo.svg"),
        ("GATEHOUSE_SITE_LOGO", "/\\elsewhere.example/logo.svg", "/logo.svg"),
        ("GATEHOUSE_SITE_LOGO", "https://elsewhere.example/logo.svg", "/logo.svg"),
        ("GATEHOUSE_SITE_LOGO", "data:image/png;base64,AA==", "/logo.svg"),
        ("GATEHOUSE_SITE_LOGO", "/our logo.svg", "percent-encoded"),
        ("GATEHOUSE_SITE_LOGO", "/lögo.svg", "percent-encoded"),
        ("GATEHOUSE_SITE_LOGO", "/" + String(repeating: "a", count: 200), "/logo.svg"),
        ("GATEHOUSE_SITE_COLOR", "17685f", "#17685f"),
        ("GATEHOUSE_SITE_COLOR", "#176", "#17685f"),
        ("GATEHOUSE_SITE_COLOR", "#17685g", "#17685f"),
        ("GATEHOUSE_SITE_COLOR", "#17685f80", "#17685f"),
        ("GATEHOUSE_SITE_COLOR", "teal", "\"teal\" is not a colour"),
        ("GATEHOUSE_SITE_COLOR", "#１７６８５ｆ", "#17685f"),
    ]

    @Test(arguments: bad)
    func `a wrong value stops the start with one line that says what to write`(
        name: String, value: String, part: String
    ) throws {
        let error = try #require(throws: SettingsError.self) { try site([name: value]) }

        #expect(error.problems.map(\.name) == [name])
        #expect(error.problems.allSatisfy { $0.text.contains(part) }, "\(error)")
        #expect(!error.problems[0].text.contains("\n"))
    }

    private func site(_ settings: [String: String]) throws -> SiteSettings {
        try ServerSettings(environment: environment(settings)).site
    }
}

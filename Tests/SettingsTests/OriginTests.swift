import TestSupport
import Testing

@testable import Settings

struct OriginTests {
    @Test(
        arguments: [
            ("", []), (" ", []),
            ("https://app.example.com", ["https://app.example.com"]),
            (
                "https://a.example, http://localhost:4200",
                ["https://a.example", "http://localhost:4200"]
            ),
            ("HTTPS://App.Example", ["https://app.example"]),
            (
                "https://a.example:443,http://b.example:80",
                ["https://a.example", "http://b.example"]
            ),
            ("https://a.example:8443", ["https://a.example:8443"]),
            ("http://[::1]:8080", ["http://[::1]:8080"]), ("http://[::1]", ["http://[::1]"]),
            ("capacitor://localhost", ["capacitor://localhost"]),
        ] as [(String, Set<String>)])
    func `origins are normalised to the form that browsers send`(text: String, origins: Set<String>)
        throws
    {
        #expect(try Origin.parseList(text) == origins)
    }

    @Test(arguments: [
        "*", "null", "app.example.com", "https://", "https:///", "https://a/", "https://a/b",
        "https://a?b", "https://a#b", "https://u@a", "https://a:0", "https://a:65536", "https://a:",
        "https://a:b", "https://a,", ",https://a", "https://*.example", "https://a b", "://a",
        "1x://a", "https://münchen.example", "https://[::1", "https://[]", "https://a\nb",
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: InvalidValue.self) { try Origin.parseList(text) }
    }

    @Test func `an origin with a path is rejected with that reason`() throws {
        let error = try #require(throws: InvalidValue.self) {
            try Origin.parseList("https://a.example/")
        }

        #expect(error.reason.contains("without a path"))
    }
}

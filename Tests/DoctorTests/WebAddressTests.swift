import Settings
import Testing

@testable import Doctor

struct WebAddressTests {
    @Test(arguments: [
        ("https://www.example.com", "https://www.example.com"),
        ("https://WWW.example.com:443/", "https://www.example.com"),
        ("https://localhost:8443", "https://localhost:8443"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ])
    func `an https origin is accepted as the page's address`(text: String, shown: String) throws {
        #expect(try WebAddress(text).description == shown)
    }

    @Test(arguments: [
        "", "www.example.com", "http://a.example", "https://a.example/x", "https://a,b",
    ])
    func `anything else is refused as the page's address`(text: String) {
        #expect(throws: InvalidValue.self) { try WebAddress(text) }
    }
}

import Settings
import Testing

@testable import SiteSetup

struct HostNameTests {
    @Test(arguments: [
        ("www.example.com", "www.example.com"), ("WWW.Example.COM", "www.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"), ("localhost", "localhost"),
        ("a-1.example", "a-1.example"),
    ])
    func `a host name is mapped as browsers do`(text: String, mapped: String) throws {
        #expect(try HostName(text).text == mapped)
    }

    @Test(arguments: [
        ("https://www.example.com/", "is a URL", "www.example.com"),
        ("www.example.org:8443", "has a port", "www.example.org"),
        ("shop.example.com/login", "has a path", "shop.example.com"),
        ("*.example.com", "is a pattern", "example.com"), ("", "is empty", "www.example.com"),
        ("192.0.2.1", "is an IP address", "www.example.com"),
        ("2001:db8::1", "is an IP address", "www.example.com"),
        ("https://192.0.2.1/", "is a URL", "www.example.com"),
        ("my_host.example", "is not a host name", "www.example.com"),
        ("a b.example", "is not a host name", "www.example.com"),
        ("example.com; return 200", "is not a host name", "www.example.com"),
        ("$host.example", "is not a host name", "www.example.com"),
        ("-a.example", "is not a host name", "www.example.com"),
    ])
    func `anything else is refused, with the problem and a name to write instead`(
        text: String, problem: String, example: String
    ) {
        let error = #expect(throws: InvalidValue.self) { try HostName(text) }
        #expect(error?.reason.contains(problem) == true)
        #expect(error?.reason.hasSuffix("; write \(example)") == true)
    }
}

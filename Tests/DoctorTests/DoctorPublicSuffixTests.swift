import Settings
import TestSupport
import Testing

@testable import Doctor

struct DoctorPublicSuffixTests {
    private let suffixes = PublicSuffixes(
        """
        // ===BEGIN ICANN DOMAINS===
        com
        uk
        co.uk
        // ck : the rule and its exception
        *.ck
        !www.ck
        jp
        kobe.jp
        *.kobe.jp
        !city.kobe.jp
        cn
        公司.cn
        // ===BEGIN PRIVATE DOMAINS===
        github.io   trailing words are no rule
        """)

    @Test(arguments: [
        ("example.com", "example.com"), ("a.b.example.com", "example.com"),
        ("WWW.Example.COM", "example.com"), ("example.co.uk", "example.co.uk"),
        ("www.example.co.uk", "example.co.uk"), ("someone.github.io", "someone.github.io"),
        ("www.ck", "www.ck"), ("a.www.ck", "www.ck"), ("b.c.ck", "b.c.ck"),
        ("city.kobe.jp", "city.kobe.jp"), ("www.city.kobe.jp", "city.kobe.jp"),
        ("b.c.kobe.jp", "b.c.kobe.jp"), ("example.unlisted", "example.unlisted"),
        ("a.xn--55qx5d.cn", "a.xn--55qx5d.cn"), ("b.a.xn--55qx5d.cn", "a.xn--55qx5d.cn"),
    ])
    func `a host has a registrable domain`(host: String, domain: String) {
        #expect(suffixes.domain(of: host) == domain)
    }

    @Test(arguments: [
        "com", "co.uk", "github.io", "ck", "test.ck", "c.kobe.jp", "localhost", "unlisted", "",
        "xn--55qx5d.cn",
    ])
    func `a public suffix has none`(host: String) {
        #expect(suffixes.domain(of: host) == nil)
    }

    @Test(arguments: [
        ("api.example.com", "app.example.com"), ("example.com", "www.example.com"),
        ("localhost", "localhost"), ("127.0.0.1", "127.0.0.1"), ("[::1]", "[::1]"),
        ("github.io", "github.io"), ("www.ck", "a.www.ck"),
    ])
    func `cookies are sent within a site`(one: String, other: String) {
        #expect(suffixes.areSameSite(one, other))
        #expect(suffixes.areSameSite(other, one))
    }

    @Test(arguments: [
        ("example.com", "example.org"), ("one.github.io", "two.github.io"),
        ("one.co.uk", "two.co.uk"), ("github.io", "one.github.io"), ("a.test.ck", "b.test.ck"),
        ("localhost", "app.localhost"), ("10.0.0.1", "192.0.0.1"), ("[::1]", "localhost"),
        ("one.xn--55qx5d.cn", "two.xn--55qx5d.cn"),
    ])
    func `and not between two`(one: String, other: String) {
        #expect(!suffixes.areSameSite(one, other))
        #expect(suffixes.areSameSite(one, other) == suffixes.areSameSite(other, one))
    }

    // RFC 3492, section 7.1, and names that are registered.
    @Test(arguments: [
        ("xn--55qx5d", "公司"), ("xn--bcher-kva", "bücher"), ("xn--p1ai", "рф"),
        ("xn--ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"), ("plain", "plain"),
        ("xn--", "xn--"), ("xn--\u{e9}", "xn--\u{e9}"), ("xn--99999999", "xn--99999999"),
    ])
    func `a label in punycode is read as what it stands for`(label: String, text: String) {
        #expect(Punycode.decoded(label) == text)
    }
}

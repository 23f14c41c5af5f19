import Testing

@testable import Doctor

struct PublicSuffixListTests {
    private let list = PublicSuffixList()

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
        #expect(list.registrableDomain(of: host) == domain)
    }

    @Test(arguments: [
        "com", "co.uk", "github.io", "ck", "test.ck", "c.kobe.jp", "localhost", "unlisted", "",
        "xn--55qx5d.cn",
    ])
    func `a public suffix has no registrable domain`(host: String) {
        #expect(list.registrableDomain(of: host) == nil)
    }

    @Test(arguments: [
        ("api.example.com", "app.example.com"), ("example.com", "www.example.com"),
        ("localhost", "localhost"), ("127.0.0.1", "127.0.0.1"), ("[::1]", "[::1]"),
        ("github.io", "github.io"), ("www.ck", "a.www.ck"),
    ])
    func `hosts of one site get its cookies`(one: String, other: String) {
        #expect(list.areSameSite(one, other))
        #expect(list.areSameSite(other, one))
    }

    @Test(arguments: [
        ("example.com", "example.org"), ("one.github.io", "two.github.io"),
        ("one.co.uk", "two.co.uk"), ("github.io", "one.github.io"), ("a.test.ck", "b.test.ck"),
        ("localhost", "app.localhost"), ("10.0.0.1", "192.0.0.1"), ("[::1]", "localhost"),
        ("one.xn--55qx5d.cn", "two.xn--55qx5d.cn"),
    ])
    func `hosts of two sites do not share cookies`(one: String, other: String) {
        #expect(!list.areSameSite(one, other))
        #expect(list.areSameSite(one, other) == list.areSameSite(other, one))
    }
}

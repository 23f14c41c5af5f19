import Testing

@testable import EmailAddress

struct DomainNameTests {
    private func isValid(_ domain: String) -> Bool { DomainName(domain) != nil }

    @Test(arguments: [
        ("b.com", "b.com"), ("B.Com", "b.com"), ("bücher.com", "xn--bcher-kva.com"),
        ("ＢÜＣＨＥＲ．ＣＯＭ", "xn--bcher-kva.com"), ("xn--bcher-kva.com", "xn--bcher-kva.com"),
        ("bu\u{308}cher.com", "xn--bcher-kva.com"), ("b｡com", "b.com"), ("b.℡", "b.tel"),
        ("𝕓𝟘.ⓒⓞⓜ", "b0.com"), ("ẞ.com", "ss.com"), ("ß.com", "xn--zca.com"),
        ("a--é.com", "xn--a---dma.com"), ("ⅷ.com", "viii.com"), ("x\u{FE0F}.com", "x.com"),
        ("ǆ.com", "xn--d-toa.com"), ("น้ำ.com", "xn--q3c4c8cq.com"),
        ("b\u{200B}c\u{AD}d.com", "bcd.com"), ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
    ])
    func `a domain is mapped to the form that is looked up`(_ domain: String, _ mapped: String) {
        #expect(DomainName(domain)?.text == mapped)
    }

    @Test(arguments: [
        "℅.com", "(a).com", "⒜.com", "a＠b.com", "b：80.com", "b％2e.com", "b＿c.com", "－b.com",
        "\u{AD}.com", "a\u{2488}b.com", "a¨b.com", "a\u{E000}.com", "a\u{378}.com",
        "a\u{2FF0}.com", "a\u{3000}b.com", "a\u{202E}.com", "Ⴀ.com", "ｘn--é.com", "é_b.com",
        "b..com", "b。.com", "b.com.", "a\u{1C89}.com", "ℹ︎/b.com", "", ".", "com", "b.com\0",
        "b\0.com", "b.com ", "b.com\n", " b.com", "b%.com", "b|c.com", "-é.com", "127.0.0.1",
    ])
    func `a domain that is no host name is refused`(_ domain: String) {
        #expect(!isValid(domain))
    }

    // The contract's list of changes has these three: the Express backend accepted them.
    @Test(arguments: ["😀.com", "\u{663}.com", "xn--a.com"])
    func `a domain that IDNA 2008 does not allow is refused`(_ domain: String) {
        #expect(!isValid(domain))
    }

    @Test func `a label cannot begin with a combining mark`() {
        #expect(!isValid("\u{301}a.com"))
        #expect(!isValid("\u{93E}क.com"))
        #expect(!isValid("\u{FF9E}カ.com"))
        #expect(isValid("a\u{301}.com"))
        #expect(isValid("\u{AD}é.com"))
    }

    @Test func `a joiner needs a virama, or joining letters on both sides`() {
        #expect(isValid("क्\u{200D}ष.com"))
        #expect(isValid("نامه\u{200C}ای.com"))
        #expect(!isValid("ab\u{200D}c.com"))
        #expect(!isValid("ab\u{200C}c.com"))
        #expect(!isValid("ا\u{200C}ا.com"))
        #expect(!isValid("ب\u{200D}ب.com"))
        #expect(!isValid("ب\u{200C}é.com"))
        #expect(!isValid("é\u{200C}ب.com"))
        #expect(!isValid("\u{200C}é.com"))
    }

    @Test func `a label runs in one direction`() {
        #expect(isValid("אבג.com"))
        #expect(isValid("א1.com"))
        #expect(isValid("ב\u{5B0}.com"))
        #expect(isValid("ا\u{663}.com"))
        #expect(!isValid("אaב.com"))
        #expect(!isValid("aאb.com"))
        #expect(!isValid("aא.com"))
        #expect(!isValid("אב-.com"))
    }

    @Test func `a label has 63 characters at most in its encoded form`() {
        #expect(isValid(String(repeating: "b", count: 63) + ".com"))
        #expect(!isValid(String(repeating: "b", count: 64) + ".com"))
        #expect(isValid(String(repeating: "b", count: 55) + "é.com"))
        #expect(!isValid(String(repeating: "b", count: 56) + "é.com"))
        #expect(isValid(String(repeating: "é", count: 57) + ".com"))
        #expect(!isValid(String(repeating: "é", count: 58) + ".com"))
    }
}

import Testing

@testable import Identity

// The verdicts are those of Node.js 20.20's `new URL("http://" + domain)` and of the host name
// rules that the Express backend put behind it.
struct DomainNameTests {
    private func isValid(_ domain: String) -> Bool {
        DomainName.isValid(domain.unicodeScalars, ["com", "tel"])
    }

    @Test(arguments: [
        "ＢÜＣＨＥＲ．ＣＯＭ", "b｡com", "b.℡", "𝕓𝟘.ⓒⓞⓜ", "ẞ.com", "-é.com", "a--é.com", "ⅷ.com",
        "x\u{FE0F}.com", "ǆ.com", "น้ำ.com",
    ])
    func `compatibility characters become what they stand for`(_ domain: String) {
        #expect(isValid(domain))
    }

    @Test(arguments: [
        "℅.com", "(a).com", "⒜.com", "a＠b.com", "b：80.com", "b％2e.com", "b＿c.com", "－b.com",
        "\u{AD}.com", "a\u{2488}b.com", "a¨b.com", "a\u{E000}.com", "a\u{378}.com",
        "a\u{2FF0}.com", "a\u{3000}b.com", "a\u{202E}.com", "Ⴀ.com", "ｘn--é.com", "é_b.com",
        "b..com", "b。.com", "b.com.", "a\u{1C89}.com", "ℹ︎/b.com",
    ])
    func `what no host name holds is refused`(_ domain: String) {
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
        #expect(!isValid("אב-.com"))
        #expect(!isValid("ا1\u{663}.com"))
        // A quirk kept from the Express backend: the end of a left-to-right label goes unseen.
        #expect(isValid("aא.com"))
        #expect(!isValid("aאב.com"))
    }

    @Test func `a label has 63 characters at most as it is sent`() {
        #expect(isValid(String(repeating: "b", count: 63) + ".com"))
        #expect(!isValid(String(repeating: "b", count: 64) + ".com"))
        #expect(isValid(String(repeating: "b", count: 55) + "é.com"))
        #expect(!isValid(String(repeating: "b", count: 56) + "é.com"))
        #expect(isValid(String(repeating: "é", count: 57) + ".com"))
        #expect(!isValid(String(repeating: "é", count: 58) + ".com"))
    }

    // RFC 3492, 7.1: sample strings, without their prefix.
    @Test(arguments: [
        (
            "\u{644}\u{64A}\u{647}\u{645}\u{627}\u{628}\u{62A}\u{643}\u{644}\u{645}\u{648}\u{634}"
                + "\u{639}\u{631}\u{628}\u{64A}\u{61F}", "egbpdaj6bu4bxfgehfvwxn"
        ),
        ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
        ("3年B组金八先生", "3B-ww4c5e180e575a65lsy2b"),
        ("安室奈美恵-with-SUPER-MONKEYS", "-with-SUPER-MONKEYS-pc58ag80a8qai00g7n9n"),
        ("ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v"),
        ("そのスピードで", "d9juau41awczczp"),
    ])
    func `the encoded length is that of RFC 3492's samples`(label: String, encoded: String) {
        #expect(DomainName.Punycode.encodedLength(of: label.unicodeScalars) == encoded.count)
    }

    @Test func `the table of replacements is whole`() {
        // Between and beyond these planes nothing may stand in a domain.
        let scalars = [0x80...0x323AF, 0xE0000...0xE01FF].joined().compactMap {
            Unicode.Scalar(UInt32($0))
        }
        let replacements = scalars.map(DomainName.Mapping.replacement)
        #expect(replacements.count { $0 == [] } == 270)
        let inASCII = replacements.compactMap { $0 }.count { $0.allSatisfy(\.isASCII) }
        #expect(inASCII == 1191 + 270)
        // Every character of Unicode 15.0 that may stand in a domain, and the two joiners.
        #expect(replacements.count { $0 != nil } == 148_532)
    }
}

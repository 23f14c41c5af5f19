import EmailAddress
import Testing

struct EmailTests {
    @Test(arguments: [
        ("John.Doe@Example.com", "john.doe@example.com"),
        ("A@Bücher.com", "a@xn--bcher-kva.com"), ("a@xn--bcher-kva.COM", "a@xn--bcher-kva.com"),
        ("a@bu\u{308}cher.com", "a@xn--bcher-kva.com"), ("e\u{301}@b.com", "é@b.com"),
        ("É@b.com", "É@b.com"),
    ])
    func `two spellings of an address have one key`(text: String, key: String) throws {
        let email = try #require(Email(text))

        #expect(email.text.utf8.elementsEqual(text.utf8))
        #expect(email.key.unicodeScalars.elementsEqual(key.unicodeScalars))
    }

    static let pairs = [
        ("u@müller.com", "u@xn--mller-kva.com"), ("a@xn--bcher-kva.com", "a@bücher.com"),
        ("jos\u{E9}@example.com", "jose\u{301}@example.com"),
        ("n@ko\u{308}ln.com", "n@k\u{F6}ln.com"),
        ("c@münchen.com", "c@MÜNCHEN.com"), ("f@example.com", "f@\u{FF45}\u{FF58}ample.com"),
        ("i@example.com", "i@example\u{3002}com"), ("s@example.com", "s@exam\u{AD}ple.com"),
        ("z@example.com", "z@exam\u{200B}ple.com"), ("A@XN--BCHER-KVA.com", "a@bücher.com"),
    ]

    @Test(arguments: pairs)
    func `spellings that reach one mailbox have one key`(one: String, other: String) {
        #expect(Email.key(of: one).utf8.elementsEqual(Email.key(of: other).utf8))
        #expect(Email.key(of: one) == Email(other)?.key)
    }

    @Test(arguments: [
        ("jörg@b.com", "JÖRG@b.com"), ("i@b.com", "\u{131}@b.com"), ("s@b.com", "\u{17F}@b.com"),
        ("f@b.com", "\u{FF46}@b.com"), ("i@b.com", "\u{456}@b.com"), ("ab@b.com", "a.b@b.com"),
        ("a@b.com", "a+x@b.com"), ("strasse@b.com", "straße@b.com"),
        ("a@straße.com", "a@strasse.com"),
        ("a@b.com", "a@b.co"), ("\u{FB01}@b.com", "fi@b.com"),
    ])
    func `addresses that may reach others have other keys`(one: String, other: String) {
        #expect(!Email.key(of: one).utf8.elementsEqual(Email.key(of: other).utf8))
    }

    @Test(arguments: [
        "", "John", "an old@ONE@x", "ÄÖ@ü", "a\u{0}@b.com", "xn--a@xn--a.COM", "a@xn--\u{FC}.com",
    ])
    func `a text that is no address is its own key, but for the case of A to Z`(_ text: String) {
        let lower = text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        #expect(Email(text) == nil && Email.key(of: text).utf8.elementsEqual(lower))
    }

    @Test func `the key of ASCII is what the mapping gives`() throws {
        for text in [
            "John.Doe@Mail.Example.COM", "a+b@XN--BCHER-KVA.com", "o'neil@b-c.com", "a@1b.com",
            "a@xn--zca.com", "a@xn--e1afmkfd.xn--P1AI",
        ] {
            #expect(try #require(Email(text)).key == Email.key(of: text))
        }
    }

    @Test(arguments: [
        "a\u{200B}b", "a\u{AD}b", "a\u{200D}b", "\u{FEFF}a", "a\u{A0}b", "a\u{3000}", "a\u{2028}b",
        "a\u{85}", "a\u{202E}b", "a\u{FE0F}", "a\u{3164}b", "a\u{180E}b", "a\u{E0001}", "a\u{34F}b",
    ])
    func `a character that cannot be seen is noticed`(_ localPart: String) throws {
        #expect(try #require(Email("\(localPart)@b.com")).hasInvisibleCharacter)
    }

    @Test func `letters, marks, symbols and emoji can be seen`() throws {
        for text in [
            "jörg@b.com", "jo\u{308}rg@b.com", "😀@b.com", "имя@b.com", "a!#$%&'*+-/=?^_`{|}~@b.com",
        ] {
            #expect(try !#require(Email(text)).hasInvisibleCharacter)
        }
    }

    @Test func `an address has a local part and a domain`() throws {
        let email = try #require(Email("o'neil@mail.example.com"))

        #expect(email.localPart == "o'neil")
        #expect(email.domain.text == "mail.example.com")
        #expect(email.domain.topLevelDomain == "com")
    }

    @Test(arguments: ["", "@", "a@", "@b.com", "a", "a@b@c.com", "a.@b.com", "\"a\"@b.com"])
    func `a text that is not an address is refused`(_ text: String) {
        #expect(Email(text) == nil)
    }
}

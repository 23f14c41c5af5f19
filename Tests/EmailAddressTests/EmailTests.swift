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

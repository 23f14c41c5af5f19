import Cryptography
import SplitMix
import Testing

struct Base64URLTests {
    @Test(
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
        ])
    func `the vectors of RFC 4648 hold without their padding`(plain: String, encoded: String) {
        #expect(encode(Array(plain.utf8)) == encoded)
        #expect(decode(encoded) == Array(plain.utf8))
    }

    @Test func `the alphabet ends with the URL-safe characters`() {
        #expect(encode([0xFB, 0xFF, 0xBF]) == "-_-_")
        #expect(decode("-_-_") == [0xFB, 0xFF, 0xBF])
    }

    @Test func `encoding appends to the text`() {
        var text = Array("header.".utf8)

        Base64URL.append([1, 2, 3].span, to: &text)

        #expect(String(decoding: text, as: UTF8.self) == "header.AQID")
    }

    @Test func `encoded bytes decode to the same bytes`() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SplitMix(state: seed)
        for count in 0..<300 {
            let plain = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }

            #expect(decode(encode(plain)) == plain, "seed \(seed), \(count) bytes")
        }
    }

    @Test(
        arguments: [
            "A", "AAAAA", "Zg==", "Zm8=", "Zm9v=", "Zm 9v", "Zm9v\n", "Zm+v", "Zm/v", "Zm9\0",
            "Zm9é", ".", "Zh", "Zm9", "AAB", "AB",
        ])
    func `a text that is not canonical is refused`(text: String) {
        #expect(decode(text) == nil)
    }

    @Test func `each pair of bytes has exactly one text of three letters`() {
        let letters = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var known: Set<[UInt8]> = []
        for first in letters {
            for second in letters {
                for third in letters {
                    guard let plain = Base64URL.decode([first, second, third].span) else {
                        continue
                    }
                    #expect(known.insert(plain).inserted)
                }
            }
        }

        #expect(known.count == 65_536)
    }

    private func encode(_ plain: [UInt8]) -> String {
        var text: [UInt8] = []
        Base64URL.append(plain.span, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private func decode(_ text: String) -> [UInt8]? { Base64URL.decode(Array(text.utf8).span) }
}

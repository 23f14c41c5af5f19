import Testing

@testable import Cryptography

struct SigningKeyTests {
    struct Vector: Sendable {
        let key: [UInt8]
        let message: [UInt8]
        let code: String
    }

    /// RFC 4231, sections 4.2 to 4.5, 4.7 and 4.8.
    ///
    /// Section 4.6 is about a truncated code.
    static let vectors = [
        Vector(
            key: [UInt8](repeating: 0x0B, count: 20), message: Array("Hi There".utf8),
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        Vector(
            key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        Vector(
            key: [UInt8](repeating: 0xAA, count: 20), message: [UInt8](repeating: 0xDD, count: 50),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        Vector(
            key: Array(1...25), message: [UInt8](repeating: 0xCD, count: 50),
            code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        Vector(
            key: [UInt8](repeating: 0xAA, count: 131),
            message: Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        Vector(
            key: [UInt8](repeating: 0xAA, count: 131),
            message: Array(
                ("This is a test using a larger than block-size key and a larger than block-size "
                    + "data. The key needs to be hashed before being used by the HMAC algorithm.")
                    .utf8),
            code: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    ]

    @Test(arguments: vectors)
    func `the vectors of RFC 4231 hold, also when a context is used again`(
        vector: Vector
    ) throws {
        let key = try SigningKey(secret: vector.key)

        for _ in 1...3 {
            #expect(try key.code(of: vector.message) == bytes(hex: vector.code))
            #expect(try key.accepts(bytes(hex: vector.code), of: vector.message))
            #expect(try key.code(of: [UInt8]()) != bytes(hex: vector.code))
        }
    }

    @Test func `the first example of RFC 7515 verifies`() throws {
        let encoded = Array(
            ("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T"
                + "-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow").utf8)
        let input = Array(
            ("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
                + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19y"
                + "b290Ijp0cnVlfQ").utf8)
        let decoded = Base64URL.decode(encoded.span)
        let secret = try #require(decoded)

        let code = try SigningKey(secret: secret).code(of: input)

        var text: [UInt8] = []
        Base64URL.append(code.span, to: &text)
        #expect(
            String(decoding: text, as: UTF8.self) == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    }

    @Test func `a code with any bit changed is refused`() throws {
        let key = try SigningKey(secret: Array(repeating: 7, count: 32))
        let message = Array("a message".utf8)
        let code = try key.code(of: message)

        for bit in 0..<256 {
            var forged = code
            forged[bit / 8] ^= 1 << (bit % 8)
            #expect(try !key.accepts(forged, of: message))
        }
        #expect(try key.accepts(code, of: message))
    }

    @Test func `a code of another length is refused`() throws {
        let key = try SigningKey(secret: Array(repeating: 7, count: 32))
        let message = Array("a message".utf8)
        let code = try key.code(of: message)

        for other in [[], Array(code.dropLast()), code + [0], code + code] {
            #expect(try !key.accepts(other, of: message))
        }
    }

    @Test func `an empty secret is refused`() {
        #expect(throws: CryptographyError.self) { try SigningKey(secret: []) }
    }

    @Test(
        arguments: [
            (
                [UInt8](repeating: 0x0B, count: 22), [UInt8](0...12), [UInt8](0xF0...0xF9),
                "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                    + "34007208d5b887185865"
            ),
            (
                [UInt8](0...79), [UInt8](0x60...0xAF), [UInt8](0xB0...0xFF),
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                    + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                    + "cc30c58179ec3e87c14c01d5c1f3434f1d87"
            ),
            (
                [UInt8](repeating: 0x0B, count: 22), [], [],
                "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                    + "9d201395faa4b61a96c8"
            ),
        ])
    func `the SHA-256 vectors of RFC 5869 hold`(
        secret: [UInt8], salt: [UInt8], info: [UInt8], key: String
    ) throws {
        let expected = bytes(hex: key)

        #expect(try hkdf(secret, salt: salt, info: info, count: expected.count) == expected)
    }

    @Test func `a derived key is the HKDF of the secret and the purpose`() throws {
        let secret = Array(repeating: UInt8(ascii: "k"), count: 32)
        let message = Array("a message".utf8)
        // Computed with Python's hmac, following the definition in RFC 5869.
        let expected = try SigningKey(
            secret: bytes(hex: "87dc4410e3ccd12d7e85995ddc6e5223aab8ec81b3e26651384d0f60611ac0fc"))

        let derived = try SigningKey(secret: secret).derived(for: "refresh")

        #expect(try derived.code(of: message) == expected.code(of: message))
        #expect(
            try derived.code(of: message)
                != SigningKey(secret: secret).derived(for: "access").code(of: message))
    }

    @Test func `threads that share a key do not mix up their codes`() async throws {
        let key = try SigningKey(secret: Array(repeating: 9, count: 32))
        let messages = (0..<8).map { Array("message \($0)".utf8) }
        let codes = try messages.map { try key.code(of: $0) }

        let mixedUp = try await withThrowingTaskGroup(of: Int.self) { group in
            for (message, code) in zip(messages, codes) {
                group.addTask {
                    var mixedUp = 0
                    for _ in 1...5_000 where try key.code(of: message) != code {
                        mixedUp += 1
                    }
                    return mixedUp
                }
            }
            return try await group.reduce(0, +)
        }

        #expect(mixedUp == 0)
    }

    @Test func `an OpenSSL error names the call and the reason, and is reported once`() {
        let error = #expect(throws: CryptographyError.self) {
            try hkdf([1, 2, 3], salt: [], info: [], count: 0)
        }

        #expect(error?.call == "EVP_PKEY_derive")
        #expect(error?.message.hasSuffix(":invalid key length") == true)
        #expect(CryptographyError.openSSL("later").description == "later: no reason given")
    }
}

// The macros of Swift Testing cannot take a Span.
extension SigningKey {
    fileprivate func code(of message: [UInt8]) throws -> [UInt8] { try code(for: message.span) }

    fileprivate func accepts(_ code: [UInt8], of message: [UInt8]) throws -> Bool {
        try isValid(code.span, for: message.span)
    }
}

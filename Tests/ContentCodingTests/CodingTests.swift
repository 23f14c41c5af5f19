import ContentCoding
import Testing

struct CodingTests {
    private static let text = Array(#"{"username":"john@example.com"}"#.utf8)
    /// The text, encoded by zlib 1.3 and brotli 1.1.
    private static let coded: [Coding: [UInt8]] = [
        .gzip: bytes(
            "1f8b0800000000000003ab562a2d4e2dca4bcc4d55b252cacacfc87348ad48cc2dc849d54bcecf55aa0500c3"
                + "b6854c1f000000"),
        .deflate: bytes(
            "789cab562a2d4e2dca4bcc4d55b252cacacfc87348ad48cc2dc849d54bcecf55aa0500b6840b63"),
        .brotli: bytes(
            "0b0f807b22757365726e616d65223a226a6f686e406578616d706c652e636f6d227d03"),
    ]
    /// The letter `a` a thousand times, encoded.
    private static let thousand: [Coding: [UInt8]] = [
        .gzip: bytes("1f8b08000000000000034b4c1c05a360140c77000003da389ae8030000"),
        .deflate: bytes("789c4b4c1c05a360140c770000f9d87af8"),
        .brotli: bytes("1be703f825c2a2b1402034"),
    ]
    private static let codings: [Coding] = [.gzip, .deflate, .brotli]

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
    }

    @Test func `the codings have the names of the IANA registry`() {
        #expect(Coding.allCases.map(\.rawValue) == ["identity", "gzip", "deflate", "br"])
        #expect(Coding(rawValue: "zstd") == nil)
    }

    @Test(arguments: codings)
    func `a body is decoded`(coding: Coding) throws {
        let coded = try #require(Self.coded[coding])
        #expect(try coding.decode(coded, limit: 100) == Self.text)
        #expect(try coding.decode(coded, limit: Self.text.count) == Self.text)
    }

    @Test func `identity returns the bytes unchanged, within the limit`() throws {
        #expect(try Coding.identity.decode([1, 2], limit: 2) == [1, 2])
        #expect(throws: ContentCodingError.tooLarge) {
            try Coding.identity.decode([1, 2], limit: 1)
        }
    }

    @Test(arguments: codings)
    func `a result beyond the limit is too large`(coding: Coding) throws {
        let coded = try #require(Self.thousand[coding])
        let decoded = try coding.decode(coded, limit: 1_000)
        #expect(decoded == [UInt8](repeating: UInt8(ascii: "a"), count: 1_000))
        for limit in [0, 1, 500, 999] {
            #expect(throws: ContentCodingError.tooLarge) { try coding.decode(coded, limit: limit) }
        }
    }

    @Test func `a few bytes that announce ten megabytes are too large`() {
        let bomb = Self.bytes("cbffff3ff82700e2b14020f7fe2fff2c31f04f00c46111808e2306")
        #expect(throws: ContentCodingError.tooLarge) {
            try Coding.brotli.decode(bomb, limit: 16_384)
        }
    }

    @Test(arguments: codings)
    func `truncated data is malformed`(coding: Coding) throws {
        let coded = try #require(Self.coded[coding])
        for length in 0..<coded.count {
            #expect(throws: ContentCodingError.malformed) {
                try coding.decode(Array(coded[..<length]), limit: 100)
            }
        }
    }

    @Test(arguments: [Coding.gzip, .deflate])
    func `damaged data never decodes to a different text`(coding: Coding) throws {
        let coded = try #require(Self.coded[coding])
        for bit in 0..<(coded.count * 8) {
            var damaged = coded
            damaged[bit / 8] ^= 1 << (bit % 8)
            // Some bits of the gzip header do not affect the result, such as the time.
            if let decoded = try? coding.decode(damaged, limit: 100) {
                #expect(decoded == Self.text)
            }
        }
    }

    @Test func `each format requires its header`() {
        let raw = "ab562a2d4e2dca4bcc4d55b252cacacfc87348ad48cc2dc849d54bcecf55aa0500"
        let withDictionary =
            "78bb0bc002edab562a2d4e2dca4bcc4d55b252cacacfc873488548e825e7e72ad50200b6840b63"
        let bad: [(Coding, [UInt8])] = [
            (.deflate, Self.bytes(raw)), (.deflate, Self.bytes(withDictionary)),
            (.deflate, Self.coded[.gzip] ?? []), (.gzip, Self.coded[.deflate] ?? []),
            (.gzip, Self.text), (.deflate, Self.text), (.brotli, Self.text),
        ]
        for (coding, bytes) in bad {
            #expect(throws: ContentCodingError.malformed) { try coding.decode(bytes, limit: 100) }
        }
    }

    @Test func `gzip may have several members`() throws {
        let coded = try #require(Self.coded[.gzip])
        #expect(try Coding.gzip.decode(coded + coded, limit: 100) == Self.text + Self.text)
        #expect(throws: ContentCodingError.tooLarge) {
            try Coding.gzip.decode(coded + coded, limit: Self.text.count)
        }
        #expect(throws: ContentCodingError.malformed) {
            try Coding.gzip.decode(coded + coded.dropLast(), limit: 100)
        }
    }

    @Test func `bytes after the end are ignored; in gzip only padding`() throws {
        for coding in Self.codings {
            let coded = try #require(Self.coded[coding])
            #expect(try coding.decode(coded + [0, 1, 2], limit: 100) == Self.text)
        }
        for coding in [Coding.deflate, .brotli] {
            let coded = try #require(Self.coded[coding])
            #expect(try coding.decode(coded + [1, 2], limit: 100) == Self.text)
        }
        let coded = try #require(Self.coded[.gzip])
        #expect(throws: ContentCodingError.malformed) {
            try Coding.gzip.decode(coded + [1, 2], limit: 100)
        }
    }
}

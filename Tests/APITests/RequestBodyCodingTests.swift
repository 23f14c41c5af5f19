import Testing

@testable import API

/// Bodies under a `Content-Encoding`.
struct RequestBodyCodingTests {
    // {"username": "john@example.com", "password": "John@123"}, as recorded.
    private static let gzip = bytes(
        "1f8b0800000000000203ab562a2d4e2dca4bcc4d55b25250cacacfc87348ad48cc2dc849d54bcecf55d25150"
            + "2a482c2e2ecf2f4a01c97b81e40d8d8c956a01eb322dde38000000")
    // {"a":"x"}
    private static let deflate = bytes("789cab564a54b252aa50aa05000cb20294")
    // {"a":"…"} with 20,000 blanks.
    private static let deflateOfMuch = bytes(
        "78daedc1410d00300804302bcbc9981b7410bc638347db4ee5e70100000000000000000000000000000000"
            + "0000704266015d02c6a3")
    // a=x&b=y
    private static let brotliOfForm = bytes("0b0380613d7826623d7903")

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex)
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
    }

    private func read(
        _ bytes: [UInt8], coding: String?, type: String? = "application/json"
    ) throws(APIError) -> RequestBody {
        try RequestBody(bytes, contentType: type, contentEncoding: coding)
    }

    @Test(arguments: ["gzip", "GZIP"])
    func `a gzip body is read`(coding: String) throws {
        #expect(
            try read(Self.gzip, coding: coding)
                == .strings([("username", "john@example.com"), ("password", "John@123")]))
    }

    @Test func `a deflate and a brotli body are read`() throws {
        #expect(try read(Self.deflate, coding: "deflate") == .strings([("a", "x")]))
        let form = try read(
            Self.brotliOfForm, coding: "br", type: "application/x-www-form-urlencoded")
        #expect(form == .strings([("a", "x"), ("b", "y")]))
    }

    @Test(arguments: [nil, "", "identity", "Identity"])
    func `a body without a coding is read as it is`(coding: String?) throws {
        #expect(try read(Array("{}".utf8), coding: coding) == .fields([]))
    }

    @Test(arguments: ["zstd-x", "x-gzip", "gzip, gzip", "*", "deflate;q=1", " "])
    func `this coding is not supported`(coding: String) {
        #expect(throws: APIError.unsupportedBody) { try read(Self.gzip, coding: coding) }
    }

    @Test(arguments: ["gzip", "deflate", "br"])
    func `a plain body under a coding is malformed`(coding: String) {
        #expect(throws: APIError.malformedBody) {
            try read(Array(#"{"a":"x"}"#.utf8), coding: coding)
        }
    }

    @Test func `a body that inflates beyond the limit is too large`() {
        #expect(throws: APIError.bodyTooLarge) {
            try read(Self.deflateOfMuch, coding: "deflate")
        }
    }

    @Test func `a body of an unsupported type is not inflated`() throws {
        #expect(
            try read(Self.deflateOfMuch, coding: "deflate", type: "text/plain") == .fields([]))
    }
}

import Testing

@testable import API

/// Bodies, and how the Express backend responded to them.
struct RequestBodyTests {
    private static let json = "application/json"
    private static let form = "application/x-www-form-urlencoded"
    private static let john: RequestBody = .strings([
        ("username", "john@example.com"), ("password", "John@123"),
    ])

    private func read(
        _ body: String, type: String? = json, coding: String? = nil
    ) throws(APIError) -> RequestBody {
        try RequestBody(Array(body.utf8), contentType: type, contentEncoding: coding)
    }

    @Test(arguments: [
        json, "APPLICATION/JSON", " application/json ", "application/json; charset=utf-8",
        "application/json;charset=UTF-8", #"application/json ; a=b; charset="ut\f-8""#,
        "application/json; charset=x; charset=utf-8", #"application/json; charset="""#,
        #"application/json; charset = "utf-_8:1999" "#,
        // parameters = *( OWS ";" OWS [ parameter ] ), RFC 9110, section 5.6.6
        "application/json;", "application/json; charset=utf-8;", "application/json; ;charset=utf-8",
        "application/json\t;\tcharset=utf-8", "application/json ;; ;\t; a=b ;",
        "application/json;\t",
        "application/json; a=\"\t;\"; charset=utf-8",
    ])
    func `a JSON object is read under this type`(type: String) throws {
        let body = #"{"username": "john@example.com", "password": "John@123"}"#
        #expect(try read(body, type: type) == Self.john)
        #expect(try read(" \r\n\t" + body, type: type) == Self.john)
    }

    @Test(arguments: [
        nil, "", "/", "text/plain", "application", "application/problem+json", "a/b/c",
        "application/json; foo", ";application/json", "application/json; =x", ";",
        "; charset=utf-8",
        #"application/json; charset="utf-8"#, "application/json, application/json",
        "application/json; charset=", "application/json; a=b c=d", "application/json; a=\"b\"c=d",
        "application/json; a=\"\u{7F}\"", #"x/y; a="\"#,
    ])
    func `a body of an unsupported type is not read`(type: String?) throws {
        #expect(try read("{bad", type: type) == .fields([]))
        // Its coding is not removed either.
        #expect(try read("{bad", type: type, coding: "zstd-x") == .fields([]))
    }

    @Test(arguments: [json, form, nil, "application/json; charset=latin1"])
    func `an empty body is an empty object`(type: String?) throws {
        #expect(try read("", type: type) == .fields([]))
        #expect(try read("", type: type, coding: "gzip") == .fields([]))
    }

    @Test(arguments: [
        "{'a':1}", #"{"a":1,}"#, "{}{}", "{bad", "null", #""abc""#, "5", "true", " ",
        "\u{FEFF}\u{FEFF}{}",
    ])
    func `this JSON is malformed`(body: String) {
        #expect(throws: APIError.malformedBody) { try read(body) }
    }

    @Test(arguments: ["[]", #"["x"]"#, #" [{"firstName": "A", "lastName": "B"}]"#])
    func `an array is not an object`(body: String) throws {
        #expect(try read(body) == .notAnObject)
    }

    @Test(arguments: [
        ("null", false), ("0", false), ("-0", false), ("0.0", false),
        ("1e-999", false), ("5", true), ("1e999", true), ("[]", true), ("{}", true),
        (String(repeating: "[", count: 3_000) + String(repeating: "]", count: 3_000), true),
    ])
    func `of a value that is neither string nor Boolean, only its truth is kept`(
        value: String, isTruthy: Bool
    ) throws {
        let body = try read(#"{"username":\#(value),"password":"x"}"#)
        #expect(
            body
                == .fields([
                    .init(name: "username", value: .other(isTruthy: isTruthy)),
                    .init(name: "password", value: .string("x")),
                ]))
    }

    @Test(arguments: [true, false])
    func `a Boolean is read`(value: Bool) throws {
        let body = try read(#"{"disabled":\#(value)}"#)
        #expect(body == .fields([.init(name: "disabled", value: .bool(value))]))
    }

    @Test func `names that are array indices come first, as in JavaScript`() throws {
        let body = #"{"b":"","10":"","4294967295":"","2":"","01":"","a":"","4294967294":"","0":""}"#
        let names = ["0", "2", "10", "4294967294", "b", "4294967295", "01", "a"]
        #expect(try read(body) == .strings(names.map { ($0, "") }))
    }

    @Test func `a byte order mark and invalid bytes are accepted`() throws {
        #expect(try read("\u{FEFF}{\"a\":\"x\"}") == .strings([("a", "x")]))
        #expect(try read("\u{FEFF}") == .fields([]))
        #expect(try read("\u{FEFF}a=x", type: Self.form) == .strings([("a", "x")]))
        let bytes = Array(#"{"username":"a"#.utf8) + [0xFF, 0xFE] + Array(#"b"}"#.utf8)
        let body = try RequestBody(bytes, contentType: Self.json, contentEncoding: nil)
        #expect(body == .strings([("username", "a\u{FFFD}\u{FFFD}b")]))
    }

    @Test(arguments: [
        "application/json; charset=latin1", "application/json; charset=utf8",
        "application/json; charset=utf-foo", "application/json; charset=utf-7",
        "application/x-www-form-urlencoded; charset=koi8-r",
        "application/x-www-form-urlencoded; charset=utf8",
        "application/x-www-form-urlencoded; charset=utf-16",
    ])
    func `this charset is not supported`(type: String) {
        #expect(throws: APIError.unsupportedBody) { try read("{}", type: type) }
    }

    @Test(
        arguments: ["utf-16", "utf-16le", "UTF-16BE", "utf-32", "utf-32le", "utf-32be"],
        [false, true])
    func `JSON in another form of Unicode is read`(charset: String, isMarked: Bool) throws {
        let text = (isMarked ? "\u{FEFF}" : "") + #"{"é":"😀"}"#
        let isWide = charset.contains("32")
        let units = isWide ? text.unicodeScalars.map(\.value) : text.utf16.map(UInt32.init)
        let bigEndian = units.flatMap { unit in
            (isWide ? [24, 16, 8, 0] : [8, 0]).map { UInt8(truncatingIfNeeded: unit >> $0) }
        }
        let size = isWide ? 4 : 2
        let littleEndian = stride(from: 0, to: bigEndian.count, by: size).flatMap {
            bigEndian[$0..<($0 + size)].reversed()
        }
        let read = { (bytes: [UInt8]) throws(APIError) in
            try RequestBody(
                bytes, contentType: "application/json; charset=\(charset)", contentEncoding: nil)
        }
        // One byte too many is half a code unit.
        if !charset.hasSuffix("BE"), !charset.hasSuffix("be") {
            #expect(try read(littleEndian + [0]) == .strings([("é", "😀")]))
        }
        if !charset.hasSuffix("le") {
            #expect(try read(bigEndian + [0]) == .strings([("é", "😀")]))
        }
    }

    @Test(arguments: [nil, "text/plain", json, form])
    func `a body of 16384 bytes is read, one more is too large`(type: String?) throws {
        let isForm = type == Self.form
        let body = isForm ? "a=" : #"{"a":"x"}"#
        let filler = isForm ? "b" : " "
        let full = body + String(repeating: filler, count: 16_384 - body.utf8.count)
        #expect(try read(full, type: type) != .notAnObject)
        #expect(throws: APIError.bodyTooLarge) { try read(full + filler, type: type) }
    }
}

extension RequestBody {
    static func strings(_ fields: [(name: String, value: String)]) -> Self {
        .fields(fields.map { Field(name: $0.name, value: .string($0.value)) })
    }
}

import Testing

@testable import API

/// Forms as qs 6.14 reads them.
struct RequestBodyFormTests {
    private static let type = "application/x-www-form-urlencoded"

    private func read(
        _ body: String, type: String = type
    ) throws(APIError) -> RequestBody {
        try RequestBody(Array(body.utf8), contentType: type, contentEncoding: nil)
    }

    private func fields(_ fields: [(String, RequestBody.Value)]) -> RequestBody {
        .fields(fields.map { .init(name: $0, value: $1) })
    }

    @Test(arguments: [type, "Application/X-WWW-Form-URLencoded; charset=UTF-8"])
    func `a form is read`(type: String) throws {
        #expect(
            try read("username=john%40example.com&password=John%40123", type: type)
                == .strings([("username", "john@example.com"), ("password", "John@123")]))
    }

    @Test(arguments: [
        ("a=b+c%2B%26%3d", [("a", "b c+&=")]), ("a+b=%C3%A9%F0%9F%98%80", [("a b", "é😀")]),
        ("a", [("a", "")]), ("a=", [("a", "")]), ("a=b=c", [("a", "b=c")]),
        ("=b", []), ("&&", []), ("&a=b&", [("a", "b")]), ("b=1&a=2", [("b", "1"), ("a", "2")]),
        ("b=&2=&0=", [("0", ""), ("2", ""), ("b", "")]), ("a=%00", [("a", "\0")]),
        // One bad escape leaves the whole part unchanged.
        ("username=a+b%zz&password=x", [("username", "a b%zz"), ("password", "x")]),
        ("a%40%=b%40%4", [("a%40%", "b%40%4")]), ("a=%40%C3", [("a", "%40%C3")]),
        ("a=%ED%A0%80", [("a", "%ED%A0%80")]), ("a=%C0%80", [("a", "%C0%80")]),
        ("a=%C3\u{E9}", [("a", "%C3\u{E9}")]), ("a=%5B%zz%5d", [("a", "[%zz]")]),
        // Brackets that do not form a group, and text around groups.
        ("a[b=1", [("a[b", "1")]), ("a]=1", [("a]", "1")]), ("a=b]=c", [("a=b]", "c")]),
        ("[a]=1", [("a", "1")]), ("[a]x=1", [("a", "1")]), ("[]=1", [("0", "1")]),
        ("[]=1&[]=2", [("0", "1"), ("1", "2")]), ("[7]=1", [("7", "1")]),
        ("a%255B=1", [("a%5B", "1")]),
        // An empty value under a second spelling changes nothing.
        ("a=x&[a]=", [("a", "x")]), ("a=x&__proto__=y&[__proto__]=z", [("a", "x")]),
        ("hasOwnProperty=x", [("hasOwnProperty", "x")]),
    ])
    func `these fields are strings`(body: String, fields: [(String, String)]) throws {
        #expect(try read(body) == .strings(fields.map { (name: $0.0, value: $0.1) }))
    }

    @Test(arguments: [
        "username=a&username=b", "username[a]=b", "username[]=b", "username[0]=b",
        "username%5Ba%5d=b",
        "username=&username=", "username=a&[username]=b", "username=a&username[b]=c",
        "username[b]=c&username=", "[username][a]=b", "username[]", "username[a]x=b",
    ])
    func `this field is not a string`(body: String) throws {
        #expect(
            try read(body + "&password=x")
                == fields([("username", .other(isTruthy: true)), ("password", .string("x"))]))
    }

    @Test func `in Latin-1 each byte and each escape is a character`() throws {
        let bytes = Array("username=caf%E9%C3%zz+".utf8) + [0xE9] + Array("&password=x".utf8)
        let body = try RequestBody(
            bytes, contentType: "\(Self.type); charset=iso-8859-1", contentEncoding: nil)
        #expect(body == .strings([("username", "café\u{C3}%zz é"), ("password", "x")]))
    }

    @Test func `a thousand parameters are read, one more is too large`() throws {
        let thousand = (0..<1_000).map { "a\($0)=1" }.joined(separator: "&")
        guard case .fields(let fields) = try read(thousand) else {
            Issue.record("not an object")
            return
        }
        #expect(fields.map(\.name) == (0..<1_000).map { "a\($0)" })
        #expect(throws: APIError.bodyTooLarge) { try read(thousand + "&") }
        #expect(try read(String(repeating: "&", count: 999)) == .fields([]))
        #expect(throws: APIError.bodyTooLarge) {
            try read(String(repeating: "&", count: 1_000))
        }
    }

    @Test(arguments: ["a", ""])
    func `brackets may be nested 32 deep`(parent: String) throws {
        let deep = parent + String(repeating: "[b]", count: 32)
        let name = parent.isEmpty ? "b" : parent
        #expect(try read(deep + "=1") == fields([(name, .other(isTruthy: true))]))
        #expect(throws: APIError.malformedBody) { try read("x=1&" + deep + "[b]=1") }
    }
}

import JSON
import Testing

struct JSONObjectTests {
    private func read(_ text: String) throws(JSONError) -> JSONObject {
        try JSONObject(Array(text.utf8).span)
    }

    @Test func `the members are read in their order`() throws {
        let object = try read(#" {"b" : "x" , "a":null,"c":true, "d":false,"e":[1],"f":{"b":2}} "#)
        #expect(object.members.map(\.name) == ["b", "a", "c", "d", "e", "f"])
        #expect(
            object.members.map(\.value)
                == [.string("x"), .null, .bool(true), .bool(false), .array, .object])
        #expect(object["b"] == .string("x"))
        #expect(object["g"] == nil)
    }

    @Test func `of a name given twice the last value counts in the place of the first`() throws {
        let object = try read(#"{"a":1,"b":2,"a":"x","\u0061":"y"}"#)
        #expect(object.members.map(\.name) == ["a", "b"])
        #expect(object["a"] == .string("y"))
    }

    @Test func `many names are compared in the same way as few`() throws {
        let names = (0..<100).map { "name\($0)" }
        let text = (names + names).enumerated().map { #""\#($1)":\#($0)"# }
        let object = try read("{\(text.joined(separator: ","))}")
        #expect(object.members.map(\.name) == names)
        #expect(names.map { object[$0]?.integer } == (100..<200).map { Int64($0) })
        #expect(object["name100"] == nil)
    }

    @Test(arguments: [0, 20])
    func `names that only look alike are different`(others: Int) throws {
        // A composed and a decomposed letter, and the Kelvin sign: equal to String.
        let more = (0..<others).map { #","\#($0)":0"# }.joined()
        let object = try read("{\"\u{E9}\":1,\"e\u{301}\":2,\"\u{212A}\":3\(more)}")
        #expect(object.members.count == 3 + others)
        #expect(object["\u{E9}"]?.integer == 1)
        #expect(object["e\u{301}"]?.integer == 2)
        #expect(object["K"] == nil)
    }

    @Test func `the name of a prototype is a name`() throws {
        #expect(try read(#"{"__proto__":"x"}"#).members.map(\.name) == ["__proto__"])
    }

    @Test(arguments: [
        (#""""#, ""), (#""a\"b\\c\/d""#, #"a"b\c/d"#), (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u00E9\u6f22""#, "Aéé漢"), (#""\u0000""#, "\0"),
        (#""\ud83d\ude00\uD83D\uDE00""#, "😀😀"), ("\"é漢😀\u{7F}\u{2028}\"", "é漢😀\u{7F}\u{2028}"),
        (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"),
        (#""\ud83dx\ude00""#, "\u{FFFD}x\u{FFFD}"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
        (#""\ud83d\n""#, "\u{FFFD}\n"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
    ])
    func `a string is decoded`(text: String, meaning: String) throws {
        let value = try read("{\"a\":\(text)}")["a"]?.string
        #expect(value.map { Array($0.utf8) } == Array(meaning.utf8))
    }

    @Test func `bytes that are not UTF-8 become replacement characters`() throws {
        let bytes =
            Array(#"{"a":"x"#.utf8) + [0xFF, 0xFE, 0xE2, 0x82] + Array(#"\n","b":""}"#.utf8)
        let object = try JSONObject(bytes.span)
        #expect(object["a"] == .string("x\u{FFFD}\u{FFFD}\u{FFFD}\n"))
        #expect(object["b"] == .string(""))
    }

    @Test(
        arguments: [
            ("0", 0, 0), ("-0", 0, -0.0), ("7", 7, 7), ("-1.5", nil, -1.5), ("1e3", 1000, 1000),
            ("1.0E+2", 100, 100), ("25e-1", nil, 2.5), ("0.1", nil, 0.1),
            ("9223372036854775807", .max, 0x1p63), ("-9223372036854775808", .min, -0x1p63),
            ("9007199254740993", 9_007_199_254_740_993, 0x1p53), ("1e16", nil, 1e16),
            ("9223372036854775808", nil, 0x1p63),
            ("123456789012345678901234", nil, 1.2345678901234568e23),
            ("1e999", nil, .infinity), ("-1e999", nil, -.infinity), ("1e-999", 0, 0),
        ] as [(String, Int64?, Double)])
    func `a number is parsed`(text: String, integer: Int64?, double: Double) throws {
        guard case .number(let number) = try read("{\"a\":\(text)}")["a"] else {
            Issue.record("not a number")
            return
        }
        #expect(number.integer == integer)
        #expect(number.double.bitPattern == double.bitPattern)
    }

    @Test(arguments: [
        "", " ", "{", "}", "{a:1}", "{'a':1}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{,}", "{}{}",
        #"{"a":1 "b":2}"#, #"{"a":1;"b":2}"#, #"{"a""#, #"{"a":"x"#, "{\"a\":\"\n\"}",
        #"{"a":"\x"}"#, #"{"a":"\u12"}"#, #"{"a":"\u12g4"}"#, #"{"a":"\"#, #"{"a":"\"}"#,
        #"{"a":01}"#, #"{"a":-}"#, #"{"a":+1}"#, #"{"a":1.}"#, #"{"a":.5}"#, #"{"a":1e}"#,
        #"{"a":1e+}"#, #"{"a":0x1}"#, #"{"a":NaN}"#, #"{"a":tru}"#, #"{"a":truex}"#,
        #"{"a":True}"#, "{} //", "\u{FEFF}{}", "\u{A0}{}", "{}\u{B}", "[", "]", "[1,]", "[,1]",
        "[1 2]", "[1}", #"{"a":[}]}"#, #"{"a":{"b"}}"#, #"{"a":{"b":1,}}"#, #"{"a":{1:2}}"#,
        #"{"a":[1,]}"#, #"{"a":[,]}"#, #"{"a":[01]}"#, #"{"a":["\x"]}"#, "[[]", "[]]", "nul",
        "{\0}",
    ])
    func `malformed JSON is refused`(text: String) {
        #expect(throws: JSONError.malformed) { try read(text) }
    }

    @Test(arguments: UInt8(0)...0x1F)
    func `a control character must be escaped`(control: UInt8) {
        let text = Array(#"{"a":""#.utf8) + [control] + Array(#""}"#.utf8)
        #expect(throws: JSONError.malformed) { try JSONObject(text.span) }
    }

    @Test(arguments: ["[]", " [1,[2],{\"a\":[{}]},\"x\",true,false,null] ", "[ ]"])
    func `an array is reported as an array`(text: String) {
        #expect(throws: JSONError.array) { try read(text) }
    }

    @Test(arguments: ["null", "true", "false", "0", " -1e5 ", #""{}""#])
    func `a scalar is reported as a scalar`(text: String) {
        #expect(throws: JSONError.scalar) { try read(text) }
    }

    @Test func `nesting depth uses no stack`() throws {
        let depth = 1_000_000
        let open = String(repeating: #"[{"a":"#, count: depth)
        let close = String(repeating: "}]", count: depth)
        #expect(try read(#"{"x":"# + open + "0" + close + #","y":1}"#)["y"]?.integer == 1)
        #expect(throws: JSONError.malformed) { try read(#"{"x":"# + open + "0" + close + "]}") }
    }

    @Test func `every proper prefix of a text is malformed`() throws {
        let text = Array(#"{"a\u00e9":[1.5e+3,{"b":null}],"c":"\ud83d\ude00","d":true}"#.utf8)
        #expect(try JSONObject(text.span).members.count == 3)
        for length in 0..<text.count {
            #expect(throws: JSONError.malformed) {
                try JSONObject(text.span.extracting(..<length))
            }
        }
    }
}

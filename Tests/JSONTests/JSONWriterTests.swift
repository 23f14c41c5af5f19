import JSON
import SplitMix
import Testing

struct JSONWriterTests {
    private func written(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `a row is written piece by piece`() {
        let row = written {
            $0.append(#"[{"id":"#)
            $0.append(number: 57)
            $0.append(#","name":"#)
            $0.append(string: "Zoë")
            $0.append("}]")
        }
        #expect(row == #"[{"id":57,"name":"Zoë"}]"#)
    }

    @Test(arguments: [
        ("", #""""#), ("a\"b", #""a\"b""#), ("\\", #""\\""#), ("a/b", #""a/b""#),
        ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
        ("\0\u{1}\u{B}\u{F}", #""\u0000\u0001\u000b\u000f""#),
        ("\u{10}\u{1A}\u{1F} ", #""\u0010\u001a\u001f ""#),
        ("\u{7F}\u{2028}é😀", "\"\u{7F}\u{2028}é😀\""),
        ("\"\"", #""\"\"""#), ("x\ny\nz", #""x\ny\nz""#),
    ])
    func `a string is escaped as JavaScript does it`(string: String, text: String) {
        #expect(written { $0.append(string: string) } == text)
        #expect(written { $0.append(string: Array(string.utf8).span) } == text)
    }

    @Test func `a character is escaped alike at every place of a long string`() {
        for byte in 0..<0x80 as Range<UInt8> {
            let scalar = Unicode.Scalar(byte)
            let alone = written { $0.append(string: String(scalar)) }
            for place in 0..<20 {
                let before = String(repeating: "é!", count: place).prefix(place)
                let after = String(repeating: "~", count: 20 - place)
                let text = written { $0.append(string: before + String(scalar) + after) }
                #expect(text == "\"\(before)\(alone.dropFirst().dropLast())\(after)\"")
            }
        }
    }

    @Test func `any string comes back as it was`() throws {
        var random = SplitMix()
        for _ in 0..<500 {
            let string = random.string()
            let text = written {
                $0.append(#"{"a":"#)
                $0.append(string: string)
                $0.append("}")
            }
            let value = try JSONObject(Array(text.utf8).span)["a"]?.string
            #expect(value.map { Array($0.utf8) } == Array(string.utf8))
        }
    }

    @Test(
        arguments: [
            0, 1, 9, 10, 99, 100, -1, -10, 999_999_999_999_999_999, 1_000_000_000_000_000_000, .max,
            .min,
        ] as [Int64])
    func `a number is written in decimal`(number: Int64) {
        #expect(written { $0.append(number: number) } == "\(number)")
    }
}

extension SplitMix {
    fileprivate mutating func string() -> String {
        let bounds: [UInt32] = [0x30, 0x80, 0x800, 0x10FFFF]
        var scalars = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<40, using: &self) {
            let bound = bounds.randomElement(using: &self) ?? 0x80
            scalars.append(Unicode.Scalar(UInt32.random(in: 0..<bound, using: &self)) ?? "?")
        }
        return String(scalars)
    }
}

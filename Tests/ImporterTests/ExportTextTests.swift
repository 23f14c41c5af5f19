import SplitMix
import Testing

@testable import Importer

struct ExportTextTests {
    static let text = "id;Zoë\r\n1;שלום\n2;👩‍👩‍👧\u{FFFF}\u{10FFFF}"

    static let files: [(String, [UInt8])] = [
        ("UTF-8", Array(text.utf8)), ("UTF-8, marked", [0xEF, 0xBB, 0xBF] + text.utf8),
        ("UTF-16LE", text.utf16LE), ("UTF-16LE, marked", [0xFF, 0xFE] + text.utf16LE),
        ("UTF-16BE", text.utf16BE), ("UTF-16BE, marked", [0xFE, 0xFF] + text.utf16BE),
    ]

    @Test(arguments: files)
    func `a text is the same in every encoding and in pieces of any size`(
        encoding: String, bytes: [UInt8]
    ) throws {
        for size in [1, 2, 3, 5, 7, 64, 4096] {
            var text = ExportText(bytes, inPiecesOf: size)
            #expect(try text.rest() == Array(Self.text.utf8), "\(encoding) in pieces of \(size)")
            #expect(text.line == 3)
        }
    }

    @Test func `a byte order mark is not text, and may be all there is`() throws {
        for bytes: [UInt8] in [[], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]] {
            var text = ExportText(bytes, inPiecesOf: 1)
            #expect(try text.peek() == nil)
            #expect(try text.next() == nil)
        }
    }

    @Test(arguments: [
        [0x61, 0x00, 0x00, 0xD8], [0x61, 0x00, 0x00, 0xD8, 0x62, 0x00], [0x61, 0x00, 0x00, 0xDC],
        [0x61, 0x00, 0x62],
    ])
    func `half a character of UTF-16 becomes invalid UTF-8`(bytes: [UInt8]) throws {
        for size in [1, 2, 3, 4096] {
            var text = ExportText(bytes, inPiecesOf: size)
            #expect(try String(validating: text.rest(), as: UTF8.self) == nil)
        }
    }

    @Test func `random UTF-16 is read unchanged, or becomes invalid UTF-8`() throws {
        var random = SplitMix()
        for _ in 1...2_000 {
            let units = (0..<Int.random(in: 1...40, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? UInt16.random(in: 0xD800...0xDFFF, using: &random)
                    : UInt16.random(in: .min ... .max, using: &random)
            }
            var bytes: [UInt8] = [0xFF, 0xFE]
            for unit in units { bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
            var text = ExportText(bytes, inPiecesOf: Int.random(in: 1...9, using: &random))

            let expected = String(validating: units, as: UTF16.self)
            #expect(try String(validating: text.rest(), as: UTF8.self) == expected)
        }
    }
}

extension ExportText {
    /// Creates a text that is read in pieces of a fixed size.
    init(_ bytes: some Collection<UInt8>, inPiecesOf size: Int = 4096) {
        var rest = Array(bytes)[...]
        self.init {
            defer { rest = rest.dropFirst(size) }
            return Array(rest.prefix(size))
        }
    }

    /// All remaining bytes.
    mutating func rest() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let byte = try next() { bytes.append(byte) }
        return bytes
    }
}

extension String {
    var utf16LE: [UInt8] { utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }
    var utf16BE: [UInt8] { utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } }
}

import Identity
import SplitMix
import Testing

@testable import Importer

struct CSVReaderTests {
    static let files: [(String, [[String]])] = [
        ("", []), ("a", [["a"]]), ("a\n", [["a"]]), ("a\r\n", [["a"]]), ("a\r", [["a"]]),
        ("a,b\n1,2", [["a", "b"], ["1", "2"]]), ("a;b\r\n1;2\r\n", [["a", "b"], ["1", "2"]]),
        ("a\tb\n1\t2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\n1;2,3\t4", [["a", "b"], ["1;2", "3\t4"]]),
        ("\"a,x\";b\n\"1\";2", [["a,x", "b"], ["1", "2"]]),
        ("a,b\n\"1,2\",\"3\n4\"\n5,6", [["a", "b"], ["1,2", "3\n4"], ["5", "6"]]),
        ("a,b\n\"\"\"\",\"x\"\"y\"", [["a", "b"], ["\"", "x\"y"]]),
        ("a,b\nO\"Brien,5\" nail", [["a", "b"], ["O\"Brien", "5\" nail"]]),
        ("a,b\n,\n\"\",\"\"", [["a", "b"], ["", ""], ["", ""]]),
        ("a,b\n\n\r\n1,2\n\n", [["a", "b"], ["1", "2"]]), ("a\n\"\"\n", [["a"], [""]]),
        ("a,b\nx\ry,\r", [["a", "b"], ["x\ry", ""]]),
        ("a,b\n\"x\r\ny\",z\r\n", [["a", "b"], ["x\r\ny", "z"]]),
    ]

    @Test(arguments: files)
    func `a file is read as RFC 4180 defines it`(file: String, records: [[String]]) throws {
        for size in [1, 2, 3, 4096] {
            var reader = CSVReader(ExportText(file.utf8, inPiecesOf: size))
            var read: [[String]] = []
            while try reader.next() != nil {
                read.append(reader.fields.map { reader.string($0) ?? "?" })
            }
            #expect(read == records)
        }
    }

    @Test func `each record has the number of its first line`() throws {
        var reader = CSVReader(ExportText("a,b\n\n1,\"2\n3\n\"\r\n4,5\n".utf8))

        #expect(
            try [reader.next(), reader.next(), reader.next(), reader.next()] == [1, 3, 6, nil])
    }

    @Test func `an empty field and NULL mean NULL, unless quoted`() throws {
        var reader = CSVReader(ExportText("NULL,,\"NULL\",\"\",null,NULLS\n".utf8))
        _ = try reader.next()

        #expect(reader.fields.map(reader.isNull) == [true, true, false, false, false, false])
    }

    @Test func `a field of invalid UTF-8 or with a NUL has no text`() throws {
        var reader = CSVReader(ExportText([0xC3, 0x28, 0x2C, 0x00, 0x2C, 0x61]))
        _ = try reader.next()

        #expect(reader.fields.map(reader.string) == [nil, nil, "a"])
    }

    @Test func `text after a closing quote makes only that record unreadable`() throws {
        var reader = CSVReader(ExportText("a,b\n1,\"2\"x,3\n4,5\n".utf8))
        _ = try reader.next()

        let error = try #require(throws: UnreadableRecord.self) { try reader.next() }
        #expect(error.place.line == 2 && !error.isFinal)
        #expect(try reader.next() == 3)
        #expect(reader.fields.map(reader.string) == ["4", "5"])
    }

    @Test(arguments: [
        "a\n\"x", "a\n\"" + String(repeating: "x\n", count: 40_000),
        "a\n" + String(repeating: "x", count: 70_000), "a" + String(repeating: ",", count: 2_000),
    ])
    func `a record that never ends stops the import without filling memory`(file: String) throws {
        var reader = CSVReader(ExportText(file.utf8))

        let error = try #require(throws: UnreadableRecord.self) {
            while try reader.next() != nil {}
        }
        #expect(error.isFinal)
        #expect(error.place.line == (file.hasPrefix("a,") ? 1 : 2))
    }

    @Test func `every written file is read back, whatever its quoting and chunk sizes`() throws {
        var random = SplitMix()
        let pieces = ["a", "\"", ",", ";", "\t", "\n", "\r\n", "\r", " ", "é", "👩‍👩‍👧", "NULL", "-"]
        for _ in 1...3_000 {
            let width = Int.random(in: 1...5, using: &random)
            let separator = [",", ";", "\t"].randomElement(using: &random) ?? ","
            let lineEnd = Bool.random(using: &random) ? "\n" : "\r\n"
            let records = (0..<Int.random(in: 1...6, using: &random)).map { row in
                (0..<width).map { column in
                    row == 0
                        ? "name\(column)"
                        : (0..<Int.random(in: 0...6, using: &random))
                            .compactMap { _ in pieces.randomElement(using: &random) }.joined()
                }
            }
            let lines = records.map { record in
                record.map { field in
                    let isPlain = field.unicodeScalars.allSatisfy {
                        !"\"\r\n,;\t".unicodeScalars.contains($0)
                    }
                    // A line of one empty field would be an empty line.
                    guard !isPlain || width == 1 || Bool.random(using: &random) else {
                        return field
                    }
                    let inner = field.unicodeScalars.map { $0 == "\"" ? "\"\"" : "\($0)" }
                    return "\"" + inner.joined() + "\""
                }.joined(separator: separator)
            }
            let isEnded = Bool.random(using: &random)
            let file = lines.joined(separator: lineEnd) + (isEnded ? lineEnd : "")
            let bytes =
                Bool.random(using: &random) ? Array(file.utf8) : [0xFF, 0xFE] + file.utf16LE

            var reader = CSVReader(
                ExportText(bytes, inPiecesOf: Int.random(in: 1...99, using: &random)))
            var read: [[String]] = []
            while try reader.next() != nil {
                read.append(reader.fields.map { reader.string($0) ?? "?" })
            }

            #expect(
                read.map { $0.map { Array($0.utf8) } } == records.map { $0.map { Array($0.utf8) } })
        }
    }

    @Test func `reading random bytes ends, with at most one record a line`() throws {
        var random = SplitMix()
        let alphabet = Array("a\",;\t\r\n\0".utf8) + [0xFF]
        for _ in 1...20_000 {
            let bytes = (0..<Int.random(in: 0...30, using: &random))
                .compactMap { _ in alphabet.randomElement(using: &random) }
            var reader = CSVReader(ExportText(bytes, inPiecesOf: 3))
            var records = 0
            var continues = true
            while continues {
                do {
                    continues = try reader.next() != nil
                    records += continues ? 1 : 0
                } catch let error as UnreadableRecord {
                    continues = !error.isFinal
                }
            }
            #expect(records <= bytes.count(where: { $0 == 0x0A }) + 1)
        }
    }
}

import Identity
import SplitMix
import Testing

@testable import Importer

struct JSONRecordsTests {
    static let one = #"{"id":1,"firstName":"Ada","lastName":"Lovelace"}"#
    static let two = #"{"id":2,"firstName":"{[\"","lastName":"}],\\"}"#
    static let names = [["1", "Ada", "Lovelace"], ["2", "{[\"", "}],\\"]]

    static let files: [(String, [[String]])] = [
        ("[]", []), (" [ ] \n", []), ("[\(one)]", [names[0]]), (one, [names[0]]),
        ("[\(one),\(two)]", names), ("[\n  \(one) ,\n  \(two)\n]\n", names),
        ("\(one)\n\(two)\n", names), ("\(one)\r\n\r\n\(two)", names),
        ("JSON_F52E2B61-18A1-11d1-B105-00805F49916B\r\n-------\r\n[\(one),\r\n\(two)]", names),
        ("[\(one)]\r\n\r\n(1 rows affected)\r\n", [names[0]]),
        ("\(one)\n(1 row affected)", [names[0]]),
        ("{\"people\":[\(one),\(two)]}", names), ("{ \"people\" : [ ] }\n", []),
        (
            "{\"@context\":\"a[{]}\",\"n\":2,\"value\":[\(one)\n,\(two)],\"Count\":2,\"x\":\"}]\\\"\"}\n",
            names
        ),
    ]

    @Test(arguments: files)
    func `objects are read from an array or from a sequence`(
        file: String, people: [[String]]
    ) throws {
        for size in [1, 2, 7, 4096] {
            #expect(try read(file, inPiecesOf: size) == people)
        }
    }

    @Test func `line breaks are ignored at any place`() throws {
        var random = SplitMix()
        let whole = Array("[\(Self.one),\(Self.two)]".utf8)
        for _ in 1...2_000 {
            var file: [UInt8] = []
            for byte in whole {
                if Int.random(in: 0..<9, using: &random) == 0 { file += [0x0D, 0x0A] }
                file.append(byte)
            }
            let text = String(decoding: file, as: UTF8.self)
            #expect(try read(text, inPiecesOf: 5) == Self.names)
        }
    }

    @Test(arguments: [
        "", "\n", "[", "[\(one)", "[\(one),", "[\(one),]", "[,\(one)]", "[\(one) \(two)]",
        "[[\(one)]]",
        "[1]", "null", "x", "\(one),\(two)", "[\(one)] \(two)", "[\(one)]]", "{", "{\"id\":\"",
        "\(one){", "[\(one),\(two.dropLast())", "[{\"id\":1,\"firstName\":\"",
        "[{\"a\":\"" + String(repeating: "x", count: 70_000),
        "{\"people\":[\(one)", "{\"people\":[\(one)]", "{\"people\":[\(one)],\"more\":[\(two)]}",
        "{\"people\":[\(one)]}\(two)", "{\"people\":[[\(one)]]}", "[\(one)]\n(done)",
        "{\"data\":{\"people\":[\(one)]}}",
    ])
    func `a truncated file, or one without a list of objects, stops the import`(file: String) throws
    {
        let error = try #require(throws: UnreadableRecord.self) { try read(file, inPiecesOf: 4096) }
        #expect(error.isFinal)
        #expect(!error.reason.contains("Ada"))
    }

    @Test func `each record has its number and line, and an unreadable one affects no other`()
        throws
    {
        let file = """
            [
            {"id":1,"firstName":"a","lastName":"b"},

            {"id":1,,"firstName":"a","lastName":"b"},
            {"id":1,"ID":2,"firstName":"a","lastName":"b"}, {"id":[1],"lastName":"b"},
            {"id":1.5}, {"id":4,"firstName":null}
            ]
            """
        var records = JSONRecords(
            ExportText(file.utf8), ColumnNames<PersonColumn>(ignoring: []))
        var lines: [String] = []
        var continues = true
        while continues {
            do {
                guard let record = try records.next() else { break }
                lines.append("\(record.place.label): \(record.values.count) values")
            } catch let error as UnreadableRecord {
                lines.append("\(error.place.label): \(error.reason)")
                continues = !error.isFinal
            }
        }

        #expect(
            lines == [
                "record 1 (line 2): 3 values", "record 2 (line 4): is not well-formed JSON",
                "record 3 (line 5): has id twice",
                "record 4 (line 5): id: must be a string, a whole number, true, false or null",
                "record 5 (line 6): id: must be a string, a whole number, true, false or null",
                "record 6 (line 6): 1 values",
            ])
    }

    @Test func `numbers and booleans are read as in a CSV file`() throws {
        let file = #"{"email":"a","disabled":true,"role":12,"password":"x\u0000"}"#
        var records = JSONRecords(ExportText(file.utf8), ColumnNames<UserColumn>(ignoring: []))
        #expect(throws: UnreadableRecord.self) { try records.next() }

        records = JSONRecords(
            ExportText(file.utf8), ColumnNames<UserColumn>(ignoring: ["password"]))
        let values = try records.next()?.values
        #expect(values == [.email: "a", .disabled: "true", .role: "12"])
    }

    @Test func `an object around another object gets a cure that helps`() throws {
        let error = try #require(throws: UnreadableRecord.self) {
            try read("{\"data\":{\"people\":[\(Self.one)]}}", inPiecesOf: 7)
        }
        #expect(
            error.reason.contains("export the rows alone") && !error.reason.contains("--ignore"))
    }

    @Test func `invalid UTF-8 is rejected, not repaired`() throws {
        var records = JSONRecords(
            ExportText(Array(#"{"id":""#.utf8) + [0xC3] + #""}"#.utf8),
            ColumnNames<PersonColumn>(ignoring: []))

        let error = try #require(throws: UnreadableRecord.self) { try records.next() }
        #expect(error.reason.contains("not valid text"))
    }

    private func read(_ file: String, inPiecesOf size: Int) throws -> [[String]] {
        var records = JSONRecords(
            ExportText(file.utf8, inPiecesOf: size), ColumnNames<PersonColumn>(ignoring: []))
        var read: [[String]] = []
        while let record = try records.next() {
            read.append(PersonColumn.allCases.map { record.values[$0] ?? "NULL" })
        }
        return read
    }
}

import Testing

@testable import Settings

struct SettingsLineTests {
    /// Lines, each with the value that `sh` and systemd both read, or with nil if they read two
    /// different values or none.
    static let lines: [(String, String?)] = [
        ("A=/srv/app.db", "/srv/app.db"),
        ("  A=/srv/app.db \t", "/srv/app.db"),
        ("A=", ""),
        ("A=  ", ""),
        ("A=''", ""),
        ("A=\"\"", ""),
        ("A=app#1.db", "app#1.db"),
        ("A=#1", "#1"),
        ("A=a=b", "a=b"),
        ("A=x~y", "x~y"),
        ("A='app.db # the accounts'", "app.db # the accounts"),
        ("A=\"app.db # the accounts\" ", "app.db # the accounts"),
        ("A='it is \"so\"'", "it is \"so\""),
        ("A='a\\b$c`d'", "a\\b$c`d"),
        ("A=\"a\\\\b\\\"c\\$d\\e\"", "a\\b\"c$d\\e"),
        ("A=日本", "日本"),
        ("A='a\tb'", "a\tb"),
        ("A=/srv/app.db # the accounts", nil),
        ("A=/srv/app.db\t# the accounts", nil),
        ("A=/srv/app.db #", nil),
        ("A=/srv/app.db the accounts", nil),
        ("A= /srv/app.db", nil),
        ("A= # the accounts", nil),
        ("A='/srv/app.db", nil),
        ("A=\"/srv/app.db", nil),
        ("A=/srv/app.db'", nil),
        ("A=/srv/app.db\"", nil),
        ("A='/srv/app.db\"", nil),
        ("A=\"/srv/app.db'", nil),
        ("A='/srv/app.db' # the accounts", nil),
        ("A=\"/srv/app.db\" # the accounts", nil),
        ("A='/srv/app.db'# the accounts", nil),
        ("A='/srv/app.db'x", nil),
        ("A='/srv/' 'app.db'", nil),
        ("A=\"a\\\"", nil),
        ("A=$HOME/app.db", nil),
        ("A=\"$HOME/app.db\"", nil),
        ("A=\"`id`\"", nil),
        ("A=~/app.db", nil),
        ("A=/a:~/b", nil),
        ("A=a\\ b", nil),
        ("A=a\\b", nil),
        ("A=a;b", nil),
        ("A=a&b", nil),
        ("A=a|b", nil),
        ("A=a>b", nil),
        ("A=a(b)", nil),
        ("A=a'b'", nil),
        ("A=/srv/app.db\r", nil),
        ("A='/srv/app.db'\r", nil),
        ("A=a\u{0}b", nil),
        ("A='a\u{0}b'", nil),
        ("A=/srv/app.db\u{A0}", nil),
        ("A=/srv/app.db\u{200B}", nil),
        ("\u{FEFF}A=/srv/app.db", nil),
        ("A=/srv/app.db\\", nil),
    ]

    @Test(arguments: lines)
    func `a value is what a shell and systemd both read, or the line is rejected`(
        line: String, value: String?
    ) throws {
        let read: SettingsLine?
        do throws(InvalidValue) {
            read = try SettingsLine(Array(line.utf8)[...])
        } catch {
            #expect(value == nil, "\(line): \(error.reason)")
            #expect(!error.reason.contains("app.db"))
            return
        }
        #expect(read?.name == "A")
        #expect(value != nil && read?.value == value, "\(line)")
    }

    @Test(arguments: ["", " \t", "# A=b", "; A=b", "  # A=b # c", "\r", "# a\r"])
    func `a blank line or a comment is no setting`(line: String) throws {
        #expect(try SettingsLine(Array(line.utf8)[...]) == nil)
    }

    @Test func `bytes that are not UTF-8 are rejected`() {
        #expect(throws: InvalidValue.self) { try SettingsLine([0x41, 0x3D, 0xFF]) }
    }

    @Test(arguments: [
        ("A=b # c", "comment"), ("A='b' # c", "comment"), ("A=b c", "quotes"), ("A='b", "quote"),
        ("A='b' c", "quotes"), ("A=b\r", "carriage return"), ("A=$b", "quotes"),
    ])
    func `a rejected line is explained with a cure`(line: String, piece: String) throws {
        let error = try #require(throws: InvalidValue.self) {
            try SettingsLine(Array(line.utf8)[...])
        }

        #expect(error.reason.contains(piece) && error.reason.contains("; "), "\(error.reason)")
    }
}

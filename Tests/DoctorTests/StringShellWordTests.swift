import Testing

@testable import Doctor

struct StringShellWordTests {
    @Test(arguments: [
        ("/etc/a-b_c.d", "/etc/a-b_c.d"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#), ("", "''"),
        ("$x;y", "'$x;y'"),
    ])
    func `a word is quoted for the shell where it needs it`(text: String, word: String) {
        #expect(text.asShellWord == word)
    }
}

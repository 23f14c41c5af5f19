import Testing

@testable import Identity

struct NewPasswordTests {
    private static let tooShort = AccountViolation.passwordTooShort(minimum: 8)
    private static let tooLong = AccountViolation.passwordTooLong(maximum: 70)
    private static let notMixed = AccountViolation.passwordNotMixed

    // The Express backend's recorded answers.

    @Test(arguments: [
        "Aa1@xyzw", "Passw0rd@", "Passw0rd$", "Passw0rd!", "Passw0rd&", "Passw0rd!#",
        "Passw0rd !x", "Pässw0rd!", "Pa1!😀😀", "Passw0rd!\n", "Passw0rd!\u{2028}x1",
        "Pass\0w0rd!", "Pa1!" + String(repeating: "😀", count: 33),
    ])
    func `a password that the Express backend accepted is accepted`(_ text: String) {
        #expect(NewPassword.contract.violations(in: text) == [])
    }

    @Test(arguments: [
        "PASSW0RD!", "Passw0rd^", "Passw0rd-", "Passw0rd+", "Passw0rd~", "Passw0rd ",
        "ÄÖÜäö1!x", "Pass\u{2028}w0rd!", "\t\tPassw0rd!",
    ])
    func `a password that the Express backend refused lacks a kind of character`(_ text: String) {
        #expect(NewPassword.contract.violations(in: text) == [Self.notMixed])
    }

    @Test func `every violation is listed in the order of the contract`() {
        #expect(
            NewPassword.contract.violations(in: "") == [.emptyPassword])
        #expect(NewPassword.contract.violations(in: "a") == [Self.tooShort, Self.notMixed])
        #expect(NewPassword.contract.violations(in: "Aa1@xyz") == [Self.tooShort])
        let long = String(repeating: "x", count: 71)
        #expect(NewPassword.contract.violations(in: long) == [Self.tooLong, Self.notMixed])
        let full = "Aa1@" + String(repeating: "x", count: 66)
        #expect(NewPassword.contract.violations(in: full) == [])
        #expect(NewPassword.contract.violations(in: full + "x") == [Self.tooLong])
        #expect(
            NewPassword.contract.violations(in: "Pa1!" + String(repeating: "😀", count: 34))
                == [Self.tooLong])
    }

    @Test(arguments: ["\n", "\r", "\r\n", "\u{2028}", "\u{2029}"])
    func `all four kinds of character must be on the first line`(_ lineBreak: String) {
        #expect(
            NewPassword.contract.violations(in: "Passw0rd" + lineBreak + "!") == [Self.notMixed])
        #expect(NewPassword.contract.violations(in: "Passw0rd!" + lineBreak + "é") == [])
    }

    @Test func `only the first character must belong to one of the four kinds`() {
        #expect(NewPassword.contract.violations(in: "éPassw0rd!") == [Self.notMixed])
        #expect(NewPassword.contract.violations(in: "#Passw0rd!") == [Self.notMixed])
        #expect(NewPassword.contract.violations(in: "P\u{301}assw0rd!") == [])
    }

    @Test func `letters and digits are those of ASCII`() {
        #expect(NewPassword.contract.violations(in: "Password\u{663}!") == [Self.notMixed])
        #expect(NewPassword.contract.violations(in: "passw0rd!É") == [Self.notMixed])
    }

    @Test(arguments: [
        "fifteen letters", "               ", "correct horse battery staple", "ÄÖÜ äöü ß ÄÖÜ äöü",
        String(repeating: "x", count: 600),
    ])
    func `in strict mode any fifteen characters are accepted`(_ text: String) {
        #expect(NewPassword.strict.violations(in: text) == [])
    }

    @Test func `in strict mode fourteen characters are too few`() {
        let tooShort = AccountViolation.passwordTooShort(minimum: 15)

        #expect(NewPassword.strict.violations(in: "Passw0rd!Passw") == [tooShort])
        #expect(
            NewPassword.strict.violations(in: "") == [.emptyPassword])
    }
}

import Cryptography
import Testing

@testable import Identity

struct CommonPasswordsTests {
    @Test(arguments: [
        "Passw0rd!", "P@ssw0rd1", "password", "PASSWORD123!", "12345678", "87654321", "qwertyuiop",
        "letmein!", "Dragon2024!", "!Password1", "iloveyou1234",
        // Long enough for strict mode.
        "aaaaaaaaaaaaaaaaaaaa", "passwordpassword", "Passw0rd!Passw0rd!", "123456789012345",
        "1234567890123456", "abcdefghijklmnop", "iloveyouiloveyou", "qwertyuiopasdfgh",
        "letmeinletmeinletmein", "password12345678", "abcabcabcabcabcabc", "zyxwvutsrqponmlkj",
        "monkeydragon2024", "1qaz2wsx3edc4rfv", "111111112222222", "               ",
        "xyxyxyxyxyxyxyxy!",
    ])
    func `what attackers try first is common`(_ password: String) {
        #expect(CommonPasswords.contains(password))
    }

    @Test(arguments: [
        "", "fifteen letters", "correct horse battery staple", "Aa1@xyzw", "kR7#vmQ2!xLp",
        "ÄÖÜ äöü ß ÄÖÜ äöü", "purple giraffe umbrella", "wintergreenlighthouse42kelp",
        "passw\u{1F600}rd and more", "3f9a7c1e5b2d8460",
    ])
    func `other passwords are not`(_ password: String) {
        #expect(!CommonPasswords.contains(password))
    }

    @Test func `every entry of the list is found, and it is large enough`() {
        let entries = CommonPasswords.list.split { $0 == " " || $0 == "\n" }

        #expect(entries.count == CommonPasswords.count && entries.count > 20_000)
        #expect(entries.allSatisfy { CommonPasswords.contains(String($0)) })
        #expect(
            zip(entries, entries.dropFirst()).allSatisfy {
                $0.utf8.lexicographicallyPrecedes($1.utf8)
            })
        #expect(CommonPasswords.list.utf8.count < 400_000)
    }

    @Test func `common passwords are refused if the rule says so, and nothing else is wrong`()
        throws
    {
        let hasher = try PasswordHasher(scheme: .yescrypt(cost: 1), threads: 1, capacity: 1)
        defer { hasher.close() }
        func violations(
            _ rule: NewPassword, _ text: String, refusesCommon: Bool = true
        ) -> [AccountViolation] {
            rule.violations(
                in: text, of: "john@example.com", hashedBy: hasher, refusesCommon: refusesCommon)
        }

        #expect(violations(.contract, "Passw0rd!", refusesCommon: false) == [])
        #expect(violations(.contract, "Passw0rd!") == [.passwordCommon])
        #expect(violations(.strict, "passwordpassword", refusesCommon: false) == [])
        #expect(violations(.strict, "passwordpassword") == [.passwordCommon])
        #expect(violations(.strict, "aaaa") == [.passwordTooShort(minimum: 15)])
    }

    @Test func `an account's address is not its password, in any mode`() async throws {
        let hasher = try PasswordHasher(scheme: .bcrypt(cost: 4), threads: 1, capacity: 1)
        defer { hasher.close() }
        for (rule, email) in [
            (NewPassword.contract, "John1!@example.com"), (.strict, "john.smith.1990@example.com"),
        ] {
            func violations(_ text: String) -> [AccountViolation] {
                rule.violations(
                    in: text, of: email, hashedBy: hasher, refusesCommon: false)
            }
            #expect(violations(email) == [.passwordIsAddress])
            #expect(violations(email + "x") == [])
        }
        #expect(
            NewPassword.strict.violations(
                in: "JOHN.SMITH.1990", of: "john.smith.1990@example.com", hashedBy: hasher,
                refusesCommon: true)
                == [.passwordIsAddress])
    }

    @Test func `neither signup nor a change of the password accepts the address`() async throws {
        let rules = try Rules()
        let email = "John1!@example.com"
        await #expect(throws: AuthError.invalid([.passwordIsAddress])) {
            try await rules.accounts.add(
                email: email, password: email, by: .stranger, now: .start)
        }
        try await rules.accounts.add(
            email: email, password: Rules.password, by: .stranger, now: .start)
        await #expect(throws: AuthError.invalid([.passwordIsAddress])) {
            try await rules.accounts.setPassword(email, of: email, by: .operator, now: .start)
        }
    }
}

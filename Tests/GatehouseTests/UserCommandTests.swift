import ArgumentParser
import Identity
import Settings
import TestSupport
import Testing

@testable import gatehouse

struct UserCommandTests {
    private let accounts = [
        Account(
            id: 1, email: "john@example.com", role: .user,
            isDisabled: false, createdAt: Timestamp(seconds: 1_738_324_800)),
        Account(
            id: 12, email: "a@b.io", role: .admin,
            isDisabled: true, createdAt: Timestamp(milliseconds: 951_782_399_999)),
    ]

    @Test func `accounts are listed in aligned columns`() {
        #expect(
            UserCommand.table(of: accounts) == """
                ID  E-MAIL            ROLE   STATE     CREATED
                1   john@example.com  user   enabled   2025-01-31T12:00:00.000Z
                12  a@b.io            admin  disabled  2000-02-28T23:59:59.999Z
                """)
    }

    @Test(arguments: [
        ([], [1, 12]), (["EXAMPLE"], [1]), (["@b.io"], [12]), (["--role", "admin"], [12]),
        (["--disabled"], [12]), (["john", "--disabled"], []), (["zz"], []),
        (["o", "--role", "user"], [1]),
    ])
    func `a list can be filtered`(arguments: [String], ids: [Account.ID]) throws {
        let list = try UserCommand.List.parse(arguments)

        #expect(accounts.filter(list.isWanted).map(\.id) == ids)
    }

    @Test func `a generated password satisfies both rules, and each is another`() {
        let passwords = (0..<100).map { _ in GeneratedPassword.make() }

        #expect(Set(passwords).count == 100)
        for password in passwords {
            #expect(password.utf8.count == 23)
            for kind in ["A"..."Z", "a"..."z", "0"..."9", "@"..."@"] as [ClosedRange<Character>] {
                #expect(password.contains(where: kind.contains), "\(password)")
            }
        }
    }

    @Test func `addresses that may be mistaken for others have a note`() {
        func account(_ id: Account.ID, _ email: String, _ created: Int64) -> Account {
            Account(
                id: id, email: email, role: .user, isDisabled: false,
                createdAt: Timestamp(seconds: created))
        }
        let same = "the same address as account 2, and found by this spelling only"
        #expect(
            UserCommand.table(of: [
                account(1, "a@xn--bcher-kva.com", 2), account(2, "a@bücher.com", 1),
                account(3, "b@c.com", 3),
            ]).split(separator: "\n").map { $0.split(separator: "Z  ").dropFirst().joined() }
                == ["", same, "not ASCII", ""])
    }

    @Test func `password hashes are not listed`() {
        #expect(!UserCommand.table(of: accounts).contains("$2b$"))
    }

    @Test func `an empty list of accounts has only a heading`() {
        #expect(UserCommand.table(of: []) == "ID  E-MAIL  ROLE  STATE  CREATED")
    }

    @Test func `every error is explained in one line`() {
        let errors: [AuthError] = [
            .invalid([.invalidEmail, .emailTooShort(minimum: 5)]),
            .emailTaken, .wrongCredentials, .accountNotFound, .invalidAccessToken,
            .expiredAccessToken,
            .insufficientRole, .invalidRefreshToken, .refreshTokenRevoked, .tooManyPasswords, .busy,
            .sessionNotFound, .wrongPassword, .throttled(seconds: 9),
        ]
        for error in errors {
            #expect(!error.explanation.isEmpty)
            #expect(!error.explanation.contains("\n"))
        }
    }
}

import ArgumentParser
import Identity
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

    @Test func `no hash is listed`() {
        #expect(!UserCommand.table(of: accounts).contains("$2b$"))
    }

    @Test func `no account is listed as no account`() {
        #expect(UserCommand.table(of: []) == "ID  E-MAIL  ROLE  STATE  CREATED")
    }

    @Test(
        arguments: [
            (["user", "add", "a@b.io"], nil), (["user", "add", "a@b.io", "--role", "admin"], nil),
            (["user", "role", "a@b.io", "user"], nil), (["person", "add", "John", "Doe"], nil),
            (["user", "role", "a@b.io", "king"], 64), (["user", "add"], 64),
            (["user", "ad", "x"], 64),
            (["user", "add", "a@b.io", "password"], 64), (["serve", "now"], 64), (["frob"], 64),
        ] as [([String], Int32?)])
    func `a command line is understood or is wrong usage`(
        arguments: [String], code: Int32?
    ) throws {
        do {
            _ = try Gatehouse.parseAsRoot(arguments)
            #expect(code == nil)
        } catch {
            #expect(Gatehouse.exitCode(for: error).rawValue == code)
        }
    }

    @Test func `every refusal is explained in one line`() {
        let refusals: [Refusal] = [
            .invalid(["Please provide a valid email address", "Email must be longer"]),
            .emailTaken, .wrongCredentials, .accountNotFound, .invalidAccessToken,
            .insufficientRole, .invalidRefreshToken, .endedRefreshToken, .personNotFound, .busy,
        ]
        for refusal in refusals {
            #expect(!refusal.explanation.isEmpty)
            #expect(!refusal.explanation.contains("\n"))
        }
    }
}

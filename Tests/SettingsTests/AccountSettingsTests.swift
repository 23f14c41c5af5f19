import Cryptography
import Identity
import TestSupport
import Testing

@testable import Settings

struct AccountSettingsTests {
    @Test func `account commands need no secret`() throws {
        let settings = try AccountSettings(environment: ["JWT_EXPIRES_IN": "never"])

        #expect(settings.databasePath == "/var/lib/gatehouse/gatehouse.db")
    }

    @Test func `account commands also reject a misspelt setting`() throws {
        let error = try #require(throws: SettingsError.self) {
            try AccountSettings(environment: ["GATEHOUSE_DATABSE": "/srv/other.db"])
        }

        #expect(error.problems.map(\.name) == ["GATEHOUSE_DATABSE"])
    }

    @Test(
        arguments: [
            (nil, nil, .bcrypt(cost: 10)), ("bcrypt", "12", .bcrypt(cost: 12)),
            ("yescrypt", nil, .yescrypt(cost: 5)), ("yescrypt", "1", .yescrypt(cost: 1)),
            ("yescrypt", " 11 ", .yescrypt(cost: 11)),
        ] as [(String?, String?, PasswordHasher.Scheme)])
    func `the range of the cost depends on the scheme`(
        scheme: String?, cost: String?, expected: PasswordHasher.Scheme
    ) throws {
        let settings = try AccountSettings(
            environment: environment([
                "GATEHOUSE_PASSWORD_SCHEME": scheme, "GATEHOUSE_PASSWORD_COST": cost,
            ]))

        #expect(settings.passwordScheme == expected)
    }

    @Test(
        arguments: [
            (nil, nil, false), ("on", nil, true), ("on", "accept", false), (nil, "refuse", true),
        ] as [(String?, String?, Bool)])
    func `common passwords are refused in strict mode, and by a setting otherwise`(
        strict: String?, common: String?, isRefused: Bool
    ) throws {
        let settings = try AccountSettings(
            environment: environment([
                "GATEHOUSE_STRICT": strict, "GATEHOUSE_COMMON_PASSWORDS": common,
            ]))

        #expect(settings.refusesCommonPasswords == isRefused)
        #expect(settings.newPassword.minimum == (strict == "on" ? 15 : 8))
    }

    @Test(
        arguments: [("16", nil, 16), ("64", "11", 1024), (nil, nil, 128), (nil, "5", 128)]
            as [(String?, String?, Int)])
    func `the memory of a hash is bounded, but allows that of new ones`(
        memory: String?, cost: String?, mebibytes: Int
    ) throws {
        let settings = try AccountSettings(
            environment: environment([
                "GATEHOUSE_HASHING_MEMORY": memory, "GATEHOUSE_PASSWORD_COST": cost,
                "GATEHOUSE_PASSWORD_SCHEME": cost.map { _ in "yescrypt" },
            ]))

        #expect(settings.hashLimit.memory == mebibytes)
    }

    @Test(arguments: [("yescrypt", "12", "1 to 11"), ("bcrypt", "1", "4 to 15")])
    func `a cost that is valid only in the other scheme is rejected`(
        scheme: String, cost: String, piece: String
    ) throws {
        let error = try #require(throws: SettingsError.self) {
            try AccountSettings(
                environment: [
                    "GATEHOUSE_PASSWORD_SCHEME": scheme, "GATEHOUSE_PASSWORD_COST": cost,
                ])
        }

        #expect(error.problems.map(\.name) == ["GATEHOUSE_PASSWORD_COST"])
        #expect(error.description.contains(piece))
    }

    @Test(arguments: [("9", true), ("10", false)])
    func `a low password cost gives a warning`(cost: String, isQuestionable: Bool) throws {
        let settings = try ServerSettings(
            environment: environment(["GATEHOUSE_PASSWORD_COST": cost]))

        #expect(settings.warnings.map(\.name).contains("GATEHOUSE_PASSWORD_COST") == isQuestionable)
    }

    @Test(
        arguments: [
            ("any", nil), (" ANY ", nil), ("com", ["com"]), ("Com, ORG,com", ["com", "org"]),
            ("xn--p1ai", ["xn--p1ai"]),
        ] as [(String, Set<String>?)])
    func `top-level domains are read in lower case`(text: String, domains: Set<String>?) throws {
        let settings = try AccountSettings(environment: ["GATEHOUSE_EMAIL_DOMAINS": text])

        #expect(settings.topLevelDomains == domains)
    }

    @Test(arguments: ["postgres://h/d", "postgresql://h/d"])
    func `a PostgreSQL URL is recognised and rejected`(url: String) throws {
        let error = try #require(throws: SettingsError.self) {
            try AccountSettings(environment: ["GATEHOUSE_DATABASE": url])
        }

        #expect(error.description.hasPrefix("GATEHOUSE_DATABASE: "))
        #expect(error.description.contains("not supported yet"))
    }

    @Test(arguments: [("on", NewPassword.strict), ("off", .contract)])
    func `account commands check new passwords like the server`(
        value: String, expected: NewPassword
    ) throws {
        let settings = try AccountSettings(environment: ["GATEHOUSE_STRICT": value])

        #expect(settings.newPassword == expected)
    }
}

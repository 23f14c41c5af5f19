import Glibc
import TestSupport
import Testing

@testable import Settings

struct SecretTests {
    private let key = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"

    @Test(arguments: [("", 0), ("\n", 0), ("\r\n", 0), ("\n\n", 1), (" \n", 1), ("\r", 1)])
    func `one line break at a file's end is not part of the secret`(
        ending: String, kept: Int
    ) throws {
        let file = try TemporaryFile(key + ending)

        let settings = try ServerSettings(
            environment: environment(["JWT_SECRET": nil, "JWT_SECRET_FILE": file.path]))

        #expect(settings.keyring.keys[0].secret.bytes.count == key.utf8.count + kept)
        #expect(settings.keyring.keys[0].secret.bytes.starts(with: key.utf8))
    }

    @Test func `a systemd credential is found without a setting`() throws {
        let directory = try TemporaryDirectory()
        let file = try TemporaryFile(key, at: "\(directory.path)/jwt_secret")
        let variables = environment([
            "JWT_SECRET": nil, "CREDENTIALS_DIRECTORY": directory.path,
        ])

        var reader = SettingsReader(variables)
        let settings = try #require(ServerSettings(&reader))

        #expect(settings.keyring.keys[0].secret.bytes == Array(key.utf8))
        #expect(reader.readings.first?.source == .credential)
        withExtendedLifetime(file) {}
    }

    @Test func `a credentials directory without jwt_secret gives no secret`() throws {
        let directory = try TemporaryDirectory()

        let settings = try ServerSettings(
            environment: environment(["CREDENTIALS_DIRECTORY": directory.path]))

        #expect(settings.keyring.keys[0].secret.bytes.count == 32)
    }

    @Test func `a secret set in two places is rejected, and both are named`() throws {
        let directory = try TemporaryDirectory()
        let file = try TemporaryFile(key, at: "\(directory.path)/jwt_secret")
        let named = ["JWT_SECRET", "JWT_SECRET_FILE", "the systemd credential jwt_secret"]
        let given: [String?] = [key, file.path, directory.path]

        for (first, second) in [(0, 1), (0, 2), (1, 2)] {
            var values: [String?] = [nil, nil, nil]
            values[first] = given[first]
            values[second] = given[second]
            let error = try #require(throws: SettingsError.self) {
                try ServerSettings(
                    environment: environment([
                        "JWT_SECRET": values[0], "JWT_SECRET_FILE": values[1],
                        "CREDENTIALS_DIRECTORY": values[2],
                    ]))
            }
            #expect(error.description.contains("\(named[first]) and \(named[second])"))
        }
    }

    @Test func `a missing secret is rejected`() throws {
        let error = try #require(throws: SettingsError.self) {
            try ServerSettings(environment: environment(["JWT_SECRET": nil]))
        }

        #expect(error.description.contains("JWT_SECRET: is not set"))
    }

    @Test func `an unreadable or too short secret file is rejected under its setting's name`()
        throws
    {
        let directory = try TemporaryDirectory()
        let short = try TemporaryFile("short\n")
        let long = try TemporaryFile(String(repeating: "x", count: 70_000))

        for (path, piece) in [
            ("/nonexistent", "does not exist"), (directory.path, "is a directory"),
            ("", "is empty"),
            (short.path, "has 5 bytes"), (long.path, "too long"),
        ] {
            let error = try #require(throws: SettingsError.self) {
                try ServerSettings(
                    environment: environment(["JWT_SECRET": nil, "JWT_SECRET_FILE": path]))
            }
            #expect(error.description.hasPrefix("JWT_SECRET_FILE: "))
            #expect(error.description.contains(piece), "\(error)")
        }
    }

    @Test func `a secret file that every user can read gives a warning`() throws {
        let file = try TemporaryFile(key)
        let variables = environment(["JWT_SECRET": nil, "JWT_SECRET_FILE": file.path])

        #expect(try ServerSettings(environment: variables).warnings == [])
        chmod(file.path, 0o644)
        #expect(
            try ServerSettings(environment: variables).warnings.map(\.name) == ["JWT_SECRET_FILE"])
    }

    /// Secrets of 32 bytes or more that anyone can guess, with a part of the message.
    static let weak = [
        ("your-very-secure-secret-key-here", "example"),
        ("your-very-secure-secret-key-here\n", "example"),
        (String(repeating: "your-very-secure-secret-key-here", count: 2), "example"),
        ("a-string-secret-at-least-256-bits-long", "example"),
        (String(repeating: " ", count: 32), "blanks"),
        (String(repeating: " \t", count: 32), "blanks"),
        ("secret" + String(repeating: " ", count: 40), "blanks"),
        (String(repeating: "a", count: 32), "repeats"),
        (String(repeating: "a", count: 31) + "b", "different"),
        (String(repeating: "secret", count: 6), "repeats"),
        (String(repeating: "0123456789", count: 4), "repeats"),
        ("correcthorsebatterycorrecthorsebatterycorrect", "repeats"),
        (String(repeating: "0", count: 64), "repeats"),
    ]

    @Test(arguments: weak)
    func `a secret that anyone can guess is rejected outside of development`(
        secret: String, piece: String
    ) throws {
        let file = try TemporaryFile(secret)
        for (variables, name) in [
            (["JWT_SECRET": secret], "JWT_SECRET"),
            (["JWT_SECRET": nil, "JWT_SECRET_FILE": file.path], "JWT_SECRET_FILE"),
        ] {
            for environmentName in ["production", "staging", "test"] {
                let changes = variables.merging(["NODE_ENV": environmentName]) { $1 }
                let error = try #require(throws: SettingsError.self) {
                    try ServerSettings(environment: environment(changes))
                }
                #expect(error.problems.map(\.name) == [name])
                #expect(error.description.contains(piece), "\(error)")
                #expect(error.description.contains("openssl rand"), "\(error)")
            }
            let changes = variables.merging(["NODE_ENV": "development"]) { $1 }
            let settings = try ServerSettings(environment: environment(changes))
            #expect(settings.warnings.map(\.name) == [name])
        }
    }

    @Test(arguments: [
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG", "the first secret of this site, with blanks",
        "4f1c0d9be27a68350f1e2d3c4b5a6978", "31415926535897932384626433832795",
        String(repeating: "x9Jq2mT7vB4kR8sW1nE5yU3pL6aD0cFg", count: 2),
        "\n x9Jq2mT7vB4kR8sW1nE5yU3pL6aD0cFg",
    ])
    func `any other secret is accepted without a warning`(secret: String) throws {
        let settings = try ServerSettings(environment: environment(["JWT_SECRET": secret]))

        #expect(settings.warnings == [])
    }

    @Test func `an older key that anyone can guess is rejected too, with its own cure`() throws {
        var keyring = try Keyring(Array("your-very-secure-secret-key-here".utf8))
        let older = try keyring.keys[0].name
        try keyring.rotate(at: .now)
        let file = try TemporaryFile(String(decoding: keyring.contents, as: UTF8.self))

        let error = try #require(throws: SettingsError.self) {
            try ServerSettings(
                environment: environment(["JWT_SECRET": nil, "JWT_SECRET_FILE": file.path]))
        }

        #expect(error.description.contains("gatehouse key retire --now \(older)"), "\(error)")
    }

    /// Covers every setting that a secret may be put into by mistake, with other problems in it.
    @Test(arguments: [
        ["JWT_SECRET": "hunter2-hunter2"],
        ["JWT_SECRET": "hunter2-hunter2-hunter2-hunter2-hunter2", "JWT_SECRET_FILE": "/x"],
        ["JWT_SECRET": nil, "JWT_SECRET_FILE": "hunter2-hunter2-hunter2-hunter2"],
        ["JWT_SECRET_FILE": "/hunter2"], ["GATEHOUSE_SECRET": "hunter2"],
        ["GATEHOUSE_DATABASE": "postgres://gatehouse:hunter2@db/gatehouse"],
        ["GATEHOUSE_DATABASE": "postgresql://gatehouse:hunter2@db/gatehouse"],
        ["GATEHOUSE_DATABASE": "mysql://gatehouse:hunter2@db/gatehouse"],
    ])
    func `no secret is in any message or report`(changes: [String: String?]) throws {
        var reader = SettingsReader(environment(changes))
        _ = ServerSettings(&reader)

        #expect(!reader.problems.isEmpty)
        let said =
            "\(SettingsError(problems: reader.problems))\n\(SettingsReport.report(of: reader))"
        #expect(!said.contains("hunter2"))
    }

    @Test func `neither printing, dumping nor reflecting settings shows the secret`() throws {
        let settings = try ServerSettings(environment: environment(["JWT_SECRET": key]))
        var dumped = ""
        dump(settings, to: &dumped)
        let said = "\(settings) \(String(reflecting: settings)) \(dumped)"

        #expect(said.contains("(set, 43 bytes)"))
        #expect(!said.contains(key))
        // The key begins with 0, which is byte 48; dump(_:) prints one byte per line.
        #expect(!said.contains("48,") && !said.contains("- 48"))
    }
}

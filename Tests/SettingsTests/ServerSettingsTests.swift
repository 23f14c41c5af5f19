import Cryptography
import Logging
import TestSupport
import Testing

@testable import Settings

struct SettingsTests {
    @Test func `only the secret is required`() throws {
        let settings = try ServerSettings(environment: environment())

        #expect(
            settings.keyring.keys[0].secret.bytes == Array("x9Jq2mT7vB4kR8sW1nE5yU3pL6aD0cFg".utf8))
        #expect(settings.accessLifetime == .seconds(15 * 60))
        #expect(settings.refreshLifetime == .seconds(7 * 86400))
        #expect(settings.refreshWindow == .seconds(10))
        #expect(settings.sessionsPerAccount == 1000)
        #expect(settings.peopleLimit == 100_000)
        #expect(settings.peopleRate == 120)
        #expect(settings.accounts.databasePath == "/var/lib/gatehouse/gatehouse.db")
        #expect(settings.accounts.passwordScheme == .bcrypt(cost: 10))
        #expect(
            settings.accounts.topLevelDomains == [
                "com", "net", "org", "edu", "gov", "mil", "int", "co", "io", "me", "info", "biz",
            ])
        #expect(!settings.accounts.isStrict)
        #expect(settings.listenAddress == .unix(path: "/run/gatehouse/gatehouse.sock"))
        #expect(settings.socketMode == 0o660)
        #expect((1...64).contains(settings.workers))
        #expect(settings.hashingThreads == settings.workers)
        #expect(settings.hashingQueue == 64)
        #expect(settings.allowedOrigins == [])
        #expect(settings.logLevel == .info)
        #expect(settings.environmentName == "production")
    }

    @Test func `an empty lifetime means the default`() throws {
        let settings = try ServerSettings(
            environment: environment(["JWT_EXPIRES_IN": "", "REFRESH_TOKEN_EXPIRES_IN": ""]))

        #expect(settings.accessLifetime == .seconds(15 * 60))
        #expect(settings.refreshLifetime == .seconds(7 * 86400))
    }

    @Test func `every setting is read, in the documented order`() {
        var reader = SettingsReader(environment())
        _ = ServerSettings(&reader)

        #expect(reader.readings.map(\.setting) == Setting.all)
    }

    @Test func `setting names are unique and every setting has a help text`() {
        #expect(Set(Setting.all.map(\.name)).count == Setting.all.count)
        for setting in Setting.all {
            #expect(!setting.unit.isEmpty)
            #expect(setting.help.hasSuffix("."), "\(setting.name)")
        }
    }

    /// Values that are valid, by setting; the recorded profiles of the Express backend among them.
    static let good: [(String, String)] = [
        ("JWT_EXPIRES_IN", "15m"), ("JWT_EXPIRES_IN", "90"), ("JWT_EXPIRES_IN", " 1m "),
        ("JWT_EXPIRES_IN", "1m "), ("JWT_EXPIRES_IN", "1h"), ("JWT_EXPIRES_IN", "1d"),
        ("JWT_EXPIRES_IN", "90s"), ("JWT_EXPIRES_IN", "60000"),
        ("REFRESH_TOKEN_EXPIRES_IN", "7d"), ("REFRESH_TOKEN_EXPIRES_IN", "90"),
        ("REFRESH_TOKEN_EXPIRES_IN", "30d"), ("REFRESH_TOKEN_EXPIRES_IN", "100d"),
        ("GATEHOUSE_REFRESH_WINDOW", "0"), ("GATEHOUSE_REFRESH_WINDOW", "0s"),
        ("GATEHOUSE_REFRESH_WINDOW", "0m"), ("GATEHOUSE_REFRESH_WINDOW", "14m"),
        ("GATEHOUSE_SESSIONS_PER_ACCOUNT", "1"), ("GATEHOUSE_SESSIONS_PER_ACCOUNT", "10000"),
        ("GATEHOUSE_PEOPLE_LIMIT", "1"), ("GATEHOUSE_PEOPLE_LIMIT", "10000000"),
        ("GATEHOUSE_PEOPLE_RATE", "1"), ("GATEHOUSE_PEOPLE_RATE", "1000000"),
        ("GATEHOUSE_DATABASE", "gatehouse.db"), ("GATEHOUSE_DATABASE", "/srv/a b.db"),
        ("GATEHOUSE_LISTEN", "tcp:127.0.0.1:9000"), ("GATEHOUSE_LISTEN", "fd:0"),
        ("GATEHOUSE_SOCKET_MODE", "0600"), ("GATEHOUSE_SOCKET_MODE", "660"),
        ("GATEHOUSE_WORKERS", "1"), ("GATEHOUSE_WORKERS", "64"),
        ("GATEHOUSE_HASHING_THREADS", "8"), ("GATEHOUSE_HASHING_QUEUE", "4096"),
        ("GATEHOUSE_REFUSAL_DELAY", "0"),
        ("GATEHOUSE_PASSWORD_SCHEME", "yescrypt"), ("GATEHOUSE_PASSWORD_COST", "4"),
        ("GATEHOUSE_PASSWORD_COST", "15"), ("GATEHOUSE_EMAIL_DOMAINS", "any"),
        ("GATEHOUSE_EMAIL_DOMAINS", "de, xn--p1ai"), ("GATEHOUSE_ALLOWED_ORIGINS", ""),
        ("GATEHOUSE_ALLOWED_ORIGINS", "https://a.example"), ("GATEHOUSE_LOG_LEVEL", "trace"),
        ("GATEHOUSE_ENVIRONMENT", "staging"), ("GATEHOUSE_STRICT", "on"),
        ("GATEHOUSE_STRICT", "off"), ("NODE_ENV", "development"),
    ]

    @Test(arguments: good)
    func `a valid value is accepted`(name: String, value: String) throws {
        _ = try ServerSettings(environment: environment([name: value]))
    }

    /// Invalid values, with a part of the error message.
    static let bad: [(String, String, String)] = [
        ("JWT_SECRET", "", "is empty"), ("JWT_SECRET", "0123456789012345678901234567890", "31"),
        ("JWT_SECRET_FILE", "", "JWT_SECRET and JWT_SECRET_FILE"),
        ("JWT_EXPIRES_IN", " ", "15m"), ("JWT_EXPIRES_IN", "abc", "\"abc\""),
        ("JWT_EXPIRES_IN", "0", "is zero"), ("JWT_EXPIRES_IN", "0s", "is zero"),
        ("JWT_EXPIRES_IN", "-1m", "15m"), ("JWT_EXPIRES_IN", "1.5h", "15m"),
        ("JWT_EXPIRES_IN", "2 days", "\"2 days\" is not a duration"),
        ("JWT_EXPIRES_IN", "2w", "15m"), ("JWT_EXPIRES_IN", "1y", "15m"),
        ("JWT_EXPIRES_IN", "10M", "15m"), ("JWT_EXPIRES_IN", "1 h", "15m"),
        ("JWT_EXPIRES_IN", "100ms", "15m"), ("JWT_EXPIRES_IN", "1min", "15m"),
        ("JWT_EXPIRES_IN", "5 minutes", "15m"), ("JWT_EXPIRES_IN", "1H", "15m"),
        ("JWT_EXPIRES_IN", "99999999d", "too long"), ("JWT_EXPIRES_IN", "1m30s", "15m"),
        ("JWT_EXPIRES_IN", "٣m", "15m"), ("JWT_EXPIRES_IN", "m", "15m"),
        ("REFRESH_TOKEN_EXPIRES_IN", " ", "15m"), ("REFRESH_TOKEN_EXPIRES_IN", "abc", "15m"),
        ("REFRESH_TOKEN_EXPIRES_IN", "1w", "15m"), ("REFRESH_TOKEN_EXPIRES_IN", "0", "is zero"),
        ("REFRESH_TOKEN_EXPIRES_IN", "1.5h", "15m"),
        ("GATEHOUSE_REFRESH_WINDOW", "", "15m"), ("GATEHOUSE_REFRESH_WINDOW", "-1s", "15m"),
        ("GATEHOUSE_REFRESH_WINDOW", "500ms", "15m"),
        ("GATEHOUSE_REFRESH_WINDOW", "15m", "JWT_EXPIRES_IN"),
        ("GATEHOUSE_REFRESH_WINDOW", "1d", "JWT_EXPIRES_IN"),
        ("GATEHOUSE_SESSIONS_PER_ACCOUNT", "0", "1 to 10000"),
        ("GATEHOUSE_PEOPLE_LIMIT", "0", "1 to 10000000"),
        ("GATEHOUSE_PEOPLE_LIMIT", "10000001", "1 to 10000000"),
        ("GATEHOUSE_PEOPLE_RATE", "0", "1 to 1000000"),
        ("GATEHOUSE_PEOPLE_RATE", "1000001", "1 to 1000000"),
        ("GATEHOUSE_SESSIONS_PER_ACCOUNT", "10001", "1 to 10000"),
        ("GATEHOUSE_DATABASE", "", "is empty"), ("GATEHOUSE_DATABASE", ":memory:", "path"),
        ("GATEHOUSE_LISTEN", "", "unix:"), ("GATEHOUSE_LISTEN", "/run/x.sock", "unix:/path"),
        ("GATEHOUSE_STRICT", "", "on or off"), ("GATEHOUSE_STRICT", "ON", "on or off"),
        ("GATEHOUSE_STRICT", "1", "on or off"), ("GATEHOUSE_STRICT", "true", "on or off"),
        ("GATEHOUSE_SOCKET_MODE", "0666", "every local user"),
        ("GATEHOUSE_SOCKET_MODE", "", "octal"),
        ("GATEHOUSE_SOCKET_MODE", "0680", "octal"), ("GATEHOUSE_SOCKET_MODE", "4660", "octal"),
        ("GATEHOUSE_SOCKET_MODE", "rw-rw----", "octal"), ("GATEHOUSE_SOCKET_MODE", "+660", "octal"),
        ("GATEHOUSE_WORKERS", "0", "1 to 64"), ("GATEHOUSE_WORKERS", "65", "1 to 64"),
        ("GATEHOUSE_WORKERS", "", "1 to 64"), ("GATEHOUSE_WORKERS", "+2", "1 to 64"),
        ("GATEHOUSE_WORKERS", "99999999999999999999", "1 to 64"),
        ("GATEHOUSE_HASHING_THREADS", "two", "1 to 64"),
        ("GATEHOUSE_REFUSAL_DELAY", "1s", "0 to 10"), ("GATEHOUSE_REFUSAL_DELAY", "11", "0 to 10"),
        ("GATEHOUSE_HASHING_QUEUE", "0", "1 to 4096"), ("GATEHOUSE_HASHING_QUEUE", "1e3", "4096"),
        ("GATEHOUSE_PASSWORD_SCHEME", "md5", "bcrypt or yescrypt"),
        ("GATEHOUSE_PASSWORD_SCHEME", "", "bcrypt or yescrypt"),
        ("GATEHOUSE_PASSWORD_COST", "3", "4 to 15"), ("GATEHOUSE_PASSWORD_COST", "16", "4 to 15"),
        ("GATEHOUSE_EMAIL_DOMAINS", "", "top-level"), ("GATEHOUSE_EMAIL_DOMAINS", "com,", "any"),
        ("GATEHOUSE_EMAIL_DOMAINS", ".com", "\".com\""), ("GATEHOUSE_EMAIL_DOMAINS", "日本", "any"),
        ("GATEHOUSE_ALLOWED_ORIGINS", "app.example.com", "scheme://host"),
        ("GATEHOUSE_LOG_LEVEL", "verbose", "trace, debug, info"),
        ("GATEHOUSE_LOG_LEVEL", "", "info"),
        ("GATEHOUSE_ENVIRONMENT", "", "production"), ("GATEHOUSE_ENVIRONMENT", "a\nb", "letters"),
        ("NODE_ENV", "", "production"),
    ]

    @Test(arguments: bad)
    func `an invalid value is rejected in one line that names the setting`(
        name: String, value: String, piece: String
    ) throws {
        let error = try #require(throws: SettingsError.self) {
            try ServerSettings(environment: environment([name: value]))
        }

        // JWT_SECRET is set too if JWT_SECRET_FILE is, so the error names both.
        let named = name == "JWT_SECRET_FILE" ? "JWT_SECRET" : name
        #expect(error.problems.map(\.name) == [named])
        #expect(error.description.hasPrefix("\(named): "))
        #expect(error.description.contains(piece), "\(error)")
        #expect(!error.description.contains("\n"))
    }

    @Test func `all problems are found at once`() throws {
        let error = try #require(throws: SettingsError.self) {
            try ServerSettings(
                environment: environment([
                    "JWT_SECRET": nil, "JWT_EXPIRES_IN": "m", "GATEHOUSE_WORKERS": "0",
                    "GATEHOUSE_NOTHING_LIKE_IT": "1",
                ]))
        }

        #expect(
            error.problems.map(\.name) == [
                "GATEHOUSE_NOTHING_LIKE_IT", "JWT_SECRET", "JWT_EXPIRES_IN", "GATEHOUSE_WORKERS",
            ])
        #expect(error.description.split(separator: "\n").count == 4)
    }

    @Test func `an access token that outlives its session gives a warning, not an error`() throws {
        let settings = try ServerSettings(
            environment: environment([
                "JWT_EXPIRES_IN": "60000", "REFRESH_TOKEN_EXPIRES_IN": "3m",
            ]))

        #expect(settings.warnings.map(\.name).contains("JWT_EXPIRES_IN"))
    }

    @Test func `the Express backend's access token lifetime gives no warning`() throws {
        let settings = try ServerSettings(
            environment: environment([
                "JWT_EXPIRES_IN": "1m", "REFRESH_TOKEN_EXPIRES_IN": "3m",
            ]))

        #expect(!settings.warnings.map(\.name).contains("JWT_EXPIRES_IN"))
    }

    @Test(arguments: [
        ("GATEHOUSE_ALLOWED_ORIGINS", "http://app.example.com", 1),
        ("GATEHOUSE_ALLOWED_ORIGINS", "HTTP://app.example.com:8080,https://a.example", 1),
        ("GATEHOUSE_ALLOWED_ORIGINS", "http://a.example,http://10.0.0.1,http://[2001:db8::1]", 3),
        ("GATEHOUSE_ALLOWED_ORIGINS", "http://localhost.example.com,http://127.example.com", 2),
        ("GATEHOUSE_ALLOWED_ORIGINS", "http://localhost:4200,http://127.0.0.1:80", 0),
        (
            "GATEHOUSE_ALLOWED_ORIGINS", "http://[::1]:5173,http://app.localhost,https://a.example",
            0
        ),
        ("GATEHOUSE_ALLOWED_ORIGINS", "capacitor://localhost", 0),
        ("GATEHOUSE_METRICS_LISTEN", "tcp:0.0.0.0:9100", 1),
        ("GATEHOUSE_METRICS_LISTEN", "tcp:[::]:9100", 1),
        ("GATEHOUSE_METRICS_LISTEN", "tcp:192.0.2.1:9100", 1),
        ("GATEHOUSE_METRICS_LISTEN", "tcp:127.0.0.1:9100", 0),
        ("GATEHOUSE_METRICS_LISTEN", "tcp:[::1]:9100", 0),
        ("GATEHOUSE_METRICS_LISTEN", "unix:/run/m.sock", 0),
        ("GATEHOUSE_METRICS_LISTEN", "none", 0),
        ("GATEHOUSE_LISTEN", "tcp:0.0.0.0:9000", 1),
        ("GATEHOUSE_LISTEN", "tcp:127.a.example:9000", 1),
        ("GATEHOUSE_LISTEN", "tcp:127.0.0.1:9000", 0),
    ])
    func `an address or origin that others can reach or change gives a warning`(
        name: String, value: String, count: Int
    ) throws {
        let settings = try ServerSettings(environment: environment([name: value]))

        #expect(settings.warnings.map(\.name) == Array(repeating: name, count: count))
    }

    @Test func `GATEHOUSE_ENVIRONMENT takes precedence over NODE_ENV`() throws {
        let express = try ServerSettings(environment: environment(["NODE_ENV": "development"]))
        let both = try ServerSettings(
            environment: environment([
                "NODE_ENV": "development", "GATEHOUSE_ENVIRONMENT": "staging",
            ]))

        #expect(express.environmentName == "development")
        #expect(both.environmentName == "staging")
    }
}

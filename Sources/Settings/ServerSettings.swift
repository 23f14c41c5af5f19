import Cryptography
import Glibc
package import Logging

/// All settings of the server, read once when it starts.
///
/// `Setting.all` describes each setting.
package struct ServerSettings: Sendable {
    /// The keys that sign and verify tokens, newest first.
    package let keyring: Keyring
    package let accessLifetime: Duration
    package let refreshLifetime: Duration
    /// How long a replaced refresh token is still accepted; can be zero.
    ///
    /// During this time, the other tabs of a browser can pick up the new token.
    package let refreshWindow: Duration
    /// The maximum number of sessions that an account may have at the same time.
    package let sessionsPerAccount: Int
    /// The number of people at which clients can no longer add people.
    package let peopleLimit: Int
    /// How many times a minute one account may add, change or remove a person.
    package let peopleRate: Int
    package let accounts: AccountSettings
    /// Whether anyone may add an account for themselves.
    package let isSignupOpen: Bool
    /// Whether the site has the sample resource, `/api/people`.
    package let hasPeople: Bool
    package let site: SiteSettings
    package let listenAddress: ListenAddress
    /// The permission bits of a unix socket that the server creates.
    package let socketMode: UInt32
    /// The address at which the server offers metrics; nil if it offers none.
    package let metricsAddress: ListenAddress?
    /// The number of sockets that systemd passed to this process.
    package let passedSockets: Int32
    package let workers: Int
    package let hashingThreads: Int
    /// The maximum number of passwords that may wait to be hashed.
    package let hashingQueue: Int
    /// How long a login waits before it is answered 429 or 503, in seconds.
    package let refusalDelay: Int
    /// The web origins, other than the site's, whose pages may use the cookies; written as in the
    /// `Origin` header.
    package let allowedOrigins: Set<String>
    package let logLevel: Logger.Level
    /// The name of the deployment environment, such as `production`, which `/health` shows.
    package let environmentName: String
    /// Questionable settings, which do not stop the server from starting.
    package let warnings: [SettingIssue]

    /// Reads all settings from environment variables.
    ///
    /// - Throws: `SettingsError`, which lists every problem.
    package init(environment: [String: String]) throws(SettingsError) {
        try self.init(from: SettingsReader(environment))
    }

    /// Reads all settings, using a `SettingsReader`.
    ///
    /// - Throws: `SettingsError`, which lists every problem.
    package init(from reader: SettingsReader) throws(SettingsError) {
        var reader = reader
        guard let settings = ServerSettings(&reader), reader.problems.isEmpty else {
            throw SettingsError(problems: reader.problems)
        }
        self = settings
    }

    /// Reads all settings, using a `SettingsReader`.
    ///
    /// The result is nil if a setting is invalid; the reader then records the problem.
    package init?(_ reader: inout SettingsReader) {
        let keyring = reader.keyring()
        // These two settings come from the Express backend that Gatehouse replaces, which treated
        // an empty value as unset.
        let access = reader.value(.accessLifetime, isUnsetIfEmpty: true, Lifetime.parse)
        let refresh = reader.value(.refreshLifetime, isUnsetIfEmpty: true, Lifetime.parse)
        let window = reader.refreshWindow(within: access)
        let sessionsPerAccount = reader.value(.sessionsPerAccount) { text throws(InvalidValue) in
            try wholeNumber(text, in: 1...10_000, example: "1000")
        }
        let accounts = AccountSettings(&reader)
        let isSignupOpen = reader.value(.signup) { text throws(InvalidValue) in
            try choice(text, isTrue: "open", isFalse: "closed")
        }
        let hasPeople = reader.value(.people) { text throws(InvalidValue) in
            try choice(text, isTrue: "on", isFalse: "off")
        }
        let site = SiteSettings(&reader)
        let peopleLimit = reader.value(.peopleLimit) { text throws(InvalidValue) in
            try wholeNumber(text, in: 1...10_000_000, example: "100000")
        }
        let peopleRate = reader.value(.peopleRate) { text throws(InvalidValue) in
            try wholeNumber(text, in: 1...1_000_000, example: "120")
        }
        let addresses = reader.addresses()
        let socketMode = reader.value(.socketMode, ServerSettings.mode)
        let workers = reader.threads(.workers)
        let hashingThreads = reader.threads(.hashingThreads)
        let hashingQueue = reader.value(.hashingQueue) { text throws(InvalidValue) in
            try wholeNumber(text, in: 1...4096, example: "64")
        }
        let refusalDelay = reader.value(.refusalDelay) { text throws(InvalidValue) in
            try wholeNumber(text, in: 0...10, example: "1")
        }
        let origins = reader.origins()
        let logLevel = reader.value(.logLevel, ServerSettings.level)
        let environmentName = reader.environmentName()
        reader.noteSettingsFile()
        if let keyring, let environmentName { reader.judge(keyring, in: environmentName) }

        if let access, let refresh, access >= refresh {
            reader.warn(
                .accessLifetime,
                """
                an access token outlives its session; write less than REFRESH_TOKEN_EXPIRES_IN, \
                such as 15m
                """)
        }

        guard let keyring, let access, let refresh, let window, let sessionsPerAccount,
            let peopleLimit, let peopleRate, let accounts, let isSignupOpen, let hasPeople,
            let site, let addresses, let socketMode, let workers, let hashingThreads,
            let hashingQueue, let refusalDelay, let origins, let logLevel, let environmentName
        else { return nil }
        self.keyring = keyring
        accessLifetime = access
        refreshLifetime = refresh
        refreshWindow = window
        self.sessionsPerAccount = sessionsPerAccount
        self.peopleLimit = peopleLimit
        self.peopleRate = peopleRate
        self.accounts = accounts
        self.isSignupOpen = isSignupOpen
        self.hasPeople = hasPeople
        self.site = site
        listenAddress = addresses.main
        metricsAddress = addresses.metrics
        self.socketMode = socketMode
        passedSockets = Int32(reader.passedSockets.count)
        self.workers = workers
        self.hashingThreads = hashingThreads
        self.hashingQueue = hashingQueue
        self.refusalDelay = refusalDelay
        allowedOrigins = origins
        self.logLevel = logLevel
        self.environmentName = environmentName
        warnings = reader.warnings
    }

    /// Reads permissions in octal, such as `0660`.
    private static func mode(_ text: String) throws(InvalidValue) -> mode_t {
        let digits = text.trimmingBlanks
        guard (3...4).contains(digits.utf8.count), !digits.hasPrefix("+"), !digits.hasPrefix("-"),
            let mode = mode_t(digits, radix: 8), mode <= 0o777
        else {
            throw InvalidValue(
                "\(text.quoted) is not a file mode; write three or four octal digits, such as 0660")
        }
        guard mode & S_IWOTH == 0 else {
            throw InvalidValue(
                """
                \(text.quoted) lets every local user impersonate nginx; use 0660 and a shared group
                """)
        }
        return mode
    }

    private static func level(_ text: String) throws(InvalidValue) -> Logger.Level {
        guard let level = Logger.Level(rawValue: text) else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw InvalidValue("\(text.quoted) is not a log level; write one of \(names)")
        }
        return level
    }
}

extension SettingsReader {
    /// Reads a number of threads; the default is one thread for each core.
    fileprivate mutating func threads(_ setting: Setting) -> Int? {
        let cores = String(min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), 64))
        return value(setting, defaultValue: cores) { text throws(InvalidValue) in
            try wholeNumber(text, in: 1...64, example: cores)
        }
    }

    /// Reads the other origins whose pages may use the cookies.
    fileprivate mutating func origins() -> Set<String>? {
        let origins = value(.allowedOrigins, Origin.parseList)
        for origin in (origins ?? []).filter(Origin.isInsecure).sorted() {
            warn(
                .allowedOrigins,
                """
                \(origin) is not encrypted, so anyone on the way can change its pages and act for \
                the people who use them; write https
                """)
        }
        return origins
    }

    /// Reads the name of the deployment environment.
    ///
    /// GATEHOUSE_ENVIRONMENT takes precedence over NODE_ENV. If neither is set, the default
    /// applies.
    fileprivate mutating func environmentName() -> String? {
        let express = environment[Setting.nodeEnvironment.name]
        let isOurs = environment[Setting.environment.name] != nil || express == nil
        var name: String?
        if isOurs {
            name = value(.environment, name(in:))
            note(
                .nodeEnvironment, as: express?.quoted ?? "(not set)",
                from: express == nil ? .defaultValue : source(of: .nodeEnvironment))
        } else {
            note(.environment, as: "(NODE_ENV)", from: .defaultValue)
            name = value(.nodeEnvironment, name(in:))
        }
        return name
    }
}

/// Reads a short name of ASCII letters, digits, `-`, `_` and `.`.
private func name(in text: String) throws(InvalidValue) -> String {
    let isName = text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            || "-_.".utf8.contains($0)
    }
    guard isName, (1...64).contains(text.utf8.count) else {
        throw InvalidValue(
            """
            \(text.quoted) is not a valid name; write 1 to 64 letters, digits, - _ and ., such as \
            production
            """)
    }
    return text
}

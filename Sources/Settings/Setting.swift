/// A line of the table that `check`, the manual and validation share.
///
/// The value itself is read by `Settings` or `AccountSettings`.
package struct Setting: Hashable, Sendable {
    /// The environment variable.
    package let name: String
    /// What the value is written in.
    package let unit: String
    /// What holds where nothing is set, as one would write it; nil where nothing does.
    package let defaultValue: String?
    /// What the setting decides.
    package let help: String

    package init(_ name: String, unit: String, defaultValue: String? = nil, help: String) {
        self.name = name
        self.unit = unit
        self.defaultValue = defaultValue
        self.help = help
    }
}

extension Setting {
    package static let secret = Setting(
        "JWT_SECRET", unit: "32 bytes or more",
        help: """
            The key that signs tokens; the access token's readers share it. Required: here, in \
            JWT_SECRET_FILE, or as the systemd credential jwt_secret, and in one place only.
            """)

    package static let secretFile = Setting(
        "JWT_SECRET_FILE", unit: "path",
        help: """
            A file that holds the secret, whose last line break is not part of it, or the keys \
            that `gatehouse key` has written.
            """)

    package static let accessLifetime = Setting(
        "JWT_EXPIRES_IN", unit: "duration", defaultValue: "15m",
        help: "How long an access token and its cookie live.")

    package static let refreshLifetime = Setting(
        "REFRESH_TOKEN_EXPIRES_IN", unit: "duration", defaultValue: "7d",
        help: "How long a session lives; refreshing does not extend it.")

    package static let refreshWindow = Setting(
        "GATEHOUSE_REFRESH_WINDOW", unit: "duration, or 0 for none", defaultValue: "10s",
        help: """
            How long the tabs of one browser may take to hear of a new refresh token; shorter \
            than JWT_EXPIRES_IN.
            """)

    package static let sessionsPerAccount = Setting(
        "GATEHOUSE_SESSIONS_PER_ACCOUNT", unit: "1 to 10000 sessions", defaultValue: "1000",
        help: "How many sessions an account may have; a login beyond ends the oldest.")

    package static let database = Setting(
        "GATEHOUSE_DATABASE", unit: "path", defaultValue: "/var/lib/gatehouse/gatehouse.db",
        help: "The SQLite file of accounts, sessions and people; made where there is none.")

    package static let listen = Setting(
        "GATEHOUSE_LISTEN", unit: "unix:/path, tcp:host:port or fd:number",
        defaultValue: "unix:/run/gatehouse/gatehouse.sock",
        help: """
            Where nginx reaches the server. A socket that systemd passes (LISTEN_FDS) is taken \
            instead, unless this is set.
            """)

    package static let socketMode = Setting(
        "GATEHOUSE_SOCKET_MODE", unit: "octal mode", defaultValue: "0660",
        help: "The permissions of a unix socket that the server makes.")

    package static let workers = Setting(
        "GATEHOUSE_WORKERS", unit: "1 to 64 threads", defaultValue: "the number of cores",
        help: "How many threads answer requests.")

    package static let hashingThreads = Setting(
        "GATEHOUSE_HASHING_THREADS", unit: "1 to 64 threads", defaultValue: "the number of cores",
        help: "How many threads hash passwords, and do nothing else.")

    package static let hashingQueue = Setting(
        "GATEHOUSE_HASHING_QUEUE", unit: "1 to 4096 passwords", defaultValue: "64",
        help: "How many passwords may wait to be hashed before logins are answered 503.")

    package static let passwordScheme = Setting(
        "GATEHOUSE_PASSWORD_SCHEME", unit: "bcrypt or yescrypt", defaultValue: "bcrypt",
        help: "How new passwords are hashed; hashes of either kind are accepted.")

    package static let passwordCost = Setting(
        "GATEHOUSE_PASSWORD_COST", unit: "4 to 15 for bcrypt, 1 to 11 for yescrypt",
        defaultValue: "10 for bcrypt, 5 for yescrypt",
        help: "How much work a hash is; one more doubles it.")

    package static let emailDomains = Setting(
        "GATEHOUSE_EMAIL_DOMAINS", unit: "comma-separated top-level domains, or any",
        defaultValue: "com,net,org,edu,gov,mil,int,co,io,me,info,biz",
        help: "In which top-level domains an e-mail address may be at signup.")

    package static let strict = Setting(
        "GATEHOUSE_STRICT", unit: "on or off", defaultValue: "off",
        help: """
            Whether tokens are in the cookies __Host-accessToken and __Secure-refreshToken and \
            nowhere else, and new passwords need 15 characters, of any kind; clients of the \
            Express backend expect neither.
            """)

    package static let allowedOrigins = Setting(
        "GATEHOUSE_ALLOWED_ORIGINS", unit: "comma-separated origins", defaultValue: "",
        help: "Which other origins, such as https://app.example.com, may use the cookies.")

    package static let metricsListen = Setting(
        "GATEHOUSE_METRICS_LISTEN", unit: "unix:/path, tcp:host:port, fd:number or none",
        defaultValue: "none",
        help: """
            Where metrics are told to whoever connects, by FastCGI; a socket of that name that \
            systemd passes is taken unless this is set.
            """)

    package static let logLevel = Setting(
        "GATEHOUSE_LOG_LEVEL", unit: "trace, debug, info, notice, warning, error or critical",
        defaultValue: "info",
        help: "The least important messages that are logged.")

    package static let environment = Setting(
        "GATEHOUSE_ENVIRONMENT", unit: "name", defaultValue: "production",
        help: "The environment's name, as /health shows it.")

    package static let nodeEnvironment = Setting(
        "NODE_ENV", unit: "name",
        help: "The same under its Express name; GATEHOUSE_ENVIRONMENT wins.")

    package static let settings = Setting(
        "GATEHOUSE_SETTINGS", unit: "path, or empty for none",
        defaultValue: "/etc/default/gatehouse where it is",
        help: """
            A file of further settings, each NAME=value on a line; the environment wins over it. \
            It is read anew on SIGHUP.
            """)

    /// Every setting, in the order in which they are shown.
    package static let all: [Setting] = [
        secret, secretFile, accessLifetime, refreshLifetime, refreshWindow,
        sessionsPerAccount, database, passwordScheme, passwordCost, emailDomains, strict, listen,
        metricsListen, socketMode, workers, hashingThreads, hashingQueue, allowedOrigins, logLevel,
        environment, nodeEnvironment, settings,
    ]
}

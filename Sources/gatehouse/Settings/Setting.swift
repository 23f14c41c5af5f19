/// A line of the table that `check`, the manual and validation share.
///
/// The value itself is read by `Settings` or `AccountSettings`.
struct Setting: Hashable, Sendable {
    /// The environment variable.
    let name: String
    /// What the value is written in.
    let unit: String
    /// What holds where nothing is set, as one would write it; nil where nothing does.
    let standard: String?
    /// What the setting decides.
    let meaning: String

    init(_ name: String, unit: String, standard: String? = nil, meaning: String) {
        self.name = name
        self.unit = unit
        self.standard = standard
        self.meaning = meaning
    }
}

extension Setting {
    static let secret = Setting(
        "JWT_SECRET", unit: "32 bytes or more",
        meaning: """
            The key that signs tokens; the access token's readers share it. Required: here, in \
            JWT_SECRET_FILE, or as the systemd credential jwt_secret, and in one place only.
            """)

    static let secretFile = Setting(
        "JWT_SECRET_FILE", unit: "path",
        meaning: """
            A file that holds the secret, whose last line break is not part of it, or the keys \
            that `gatehouse key` has written.
            """)

    static let accessLifetime = Setting(
        "JWT_EXPIRES_IN", unit: "duration", standard: "15m",
        meaning: "How long an access token and its cookie live.")

    static let refreshLifetime = Setting(
        "REFRESH_TOKEN_EXPIRES_IN", unit: "duration", standard: "7d",
        meaning: "How long a session lives; refreshing does not extend it.")

    static let refreshWindow = Setting(
        "GATEHOUSE_REFRESH_WINDOW", unit: "duration, or 0 for none", standard: "10s",
        meaning: """
            How long the tabs of one browser may take to hear of a new refresh token; shorter \
            than JWT_EXPIRES_IN.
            """)

    static let sessionsPerAccount = Setting(
        "GATEHOUSE_SESSIONS_PER_ACCOUNT", unit: "1 to 10000 sessions", standard: "1000",
        meaning: "How many sessions an account may have; a login beyond ends the oldest.")

    static let database = Setting(
        "GATEHOUSE_DATABASE", unit: "path", standard: "/var/lib/gatehouse/gatehouse.db",
        meaning: "The SQLite file of accounts, sessions and people; made where there is none.")

    static let listen = Setting(
        "GATEHOUSE_LISTEN", unit: "unix:/path, tcp:host:port or fd:number",
        standard: "unix:/run/gatehouse/gatehouse.sock",
        meaning: """
            Where nginx reaches the server. A socket that systemd passes (LISTEN_FDS) is taken \
            instead, unless this is set.
            """)

    static let socketMode = Setting(
        "GATEHOUSE_SOCKET_MODE", unit: "octal mode", standard: "0660",
        meaning: "The permissions of a unix socket that the server makes.")

    static let workers = Setting(
        "GATEHOUSE_WORKERS", unit: "1 to 64 threads", standard: "the number of cores",
        meaning: "How many threads answer requests.")

    static let hashingThreads = Setting(
        "GATEHOUSE_HASHING_THREADS", unit: "1 to 64 threads", standard: "the number of cores",
        meaning: "How many threads hash passwords, and do nothing else.")

    static let hashingQueue = Setting(
        "GATEHOUSE_HASHING_QUEUE", unit: "1 to 4096 passwords", standard: "64",
        meaning: "How many passwords may wait to be hashed before logins are answered 503.")

    static let passwordScheme = Setting(
        "GATEHOUSE_PASSWORD_SCHEME", unit: "bcrypt or yescrypt", standard: "bcrypt",
        meaning: "How new passwords are hashed; hashes of either kind are accepted.")

    static let passwordCost = Setting(
        "GATEHOUSE_PASSWORD_COST", unit: "4 to 15 for bcrypt, 1 to 11 for yescrypt",
        standard: "10 for bcrypt, 5 for yescrypt",
        meaning: "How much work a hash is; one more doubles it.")

    static let emailDomains = Setting(
        "GATEHOUSE_EMAIL_DOMAINS", unit: "comma-separated top-level domains, or any",
        standard: "com,net,org,edu,gov,mil,int,co,io,me,info,biz",
        meaning: "In which top-level domains an e-mail address may be at signup.")

    static let strict = Setting(
        "GATEHOUSE_STRICT", unit: "on or off", standard: "off",
        meaning: """
            Whether tokens are in the cookies __Host-accessToken and __Secure-refreshToken and \
            nowhere else, and new passwords need 15 characters, of any kind; clients of the \
            Express backend expect neither.
            """)

    static let allowedOrigins = Setting(
        "GATEHOUSE_ALLOWED_ORIGINS", unit: "comma-separated origins", standard: "",
        meaning: "Which other origins, such as https://app.example.com, may use the cookies.")

    static let metricsListen = Setting(
        "GATEHOUSE_METRICS_LISTEN", unit: "unix:/path, tcp:host:port, fd:number or none",
        standard: "none",
        meaning: """
            Where metrics are told to whoever connects, by FastCGI; a socket of that name that \
            systemd passes is taken unless this is set.
            """)

    static let logLevel = Setting(
        "GATEHOUSE_LOG_LEVEL", unit: "trace, debug, info, notice, warning, error or critical",
        standard: "info",
        meaning: "The least important messages that are logged.")

    static let environment = Setting(
        "GATEHOUSE_ENVIRONMENT", unit: "name", standard: "production",
        meaning: "The environment's name, as /health shows it.")

    static let nodeEnvironment = Setting(
        "NODE_ENV", unit: "name",
        meaning: "The same under its Express name; GATEHOUSE_ENVIRONMENT wins.")

    static let settings = Setting(
        "GATEHOUSE_SETTINGS", unit: "path, or empty for none",
        standard: "/etc/default/gatehouse where it is",
        meaning: """
            A file of further settings, each NAME=value on a line; the environment wins over it. \
            It is read anew on SIGHUP.
            """)

    /// Every setting, in the order in which they are shown.
    static let all: [Setting] = [
        secret, secretFile, accessLifetime, refreshLifetime, refreshWindow,
        sessionsPerAccount, database, passwordScheme, passwordCost, emailDomains, strict, listen,
        metricsListen, socketMode, workers, hashingThreads, hashingQueue, allowedOrigins, logLevel,
        environment, nodeEnvironment, settings,
    ]
}

/// The description of a setting, shared by `gatehouse check`, the manual and validation.
///
/// `ServerSettings` and `AccountSettings` read the values.
package struct Setting: Hashable, Sendable {
    /// The name of the environment variable.
    package let name: String
    /// A description of the value's format, such as "duration".
    package let unit: String
    /// The value that applies if the setting is not set; nil if there is no default.
    ///
    /// The string is the value as an administrator would write it, or describes it in words.
    package let defaultValue: String?
    /// A description, for the manual, of what the setting does.
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
            The secret key that signs tokens; programs that verify access tokens need it too. \
            Required in exactly one place: here, in JWT_SECRET_FILE, or as the systemd credential \
            jwt_secret.
            """)

    package static let secretFile = Setting(
        "JWT_SECRET_FILE", unit: "path",
        help: """
            A file that contains the secret, or the keys that `gatehouse key` wrote. A line break \
            at the end of the file is not part of the secret.
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
            How long a replaced refresh token is still accepted, so that all tabs of a browser \
            can switch to the new one. Must be shorter than JWT_EXPIRES_IN.
            """)

    package static let sessionsPerAccount = Setting(
        "GATEHOUSE_SESSIONS_PER_ACCOUNT", unit: "1 to 10000 sessions", defaultValue: "1000",
        help: """
            The maximum number of sessions an account may have; a login beyond it ends the oldest \
            session.
            """)

    package static let peopleLimit = Setting(
        "GATEHOUSE_PEOPLE_LIMIT", unit: "1 to 10000000 people", defaultValue: "100000",
        help: """
            The number of people from which on clients can add no more. The commands of the \
            operator are not limited.
            """)

    package static let peopleRate = Setting(
        "GATEHOUSE_PEOPLE_RATE", unit: "1 to 1000000 changes a minute", defaultValue: "120",
        help: """
            How many times a minute an account may add, change or remove a person; a client with \
            several accounts may do so four times as often. Further changes are answered 429.
            """)

    package static let database = Setting(
        "GATEHOUSE_DATABASE", unit: "path", defaultValue: "/var/lib/gatehouse/gatehouse.db",
        help: "The SQLite file of accounts, sessions and people; created if it does not exist.")

    package static let listen = Setting(
        "GATEHOUSE_LISTEN", unit: "unix:/path, tcp:host:port or fd:number",
        defaultValue: "unix:/run/gatehouse/gatehouse.sock",
        help: """
            The address that the server listens on for nginx. If this is not set and systemd \
            passes a socket (LISTEN_FDS), the server uses that socket.
            """)

    package static let socketMode = Setting(
        "GATEHOUSE_SOCKET_MODE", unit: "octal mode", defaultValue: "0660",
        help: "The permissions of a unix socket that the server creates.")

    package static let workers = Setting(
        "GATEHOUSE_WORKERS", unit: "1 to 64 threads", defaultValue: "the number of cores",
        help: "The number of threads that answer requests.")

    package static let hashingThreads = Setting(
        "GATEHOUSE_HASHING_THREADS", unit: "1 to 64 threads", defaultValue: "the number of cores",
        help: "The number of threads that hash passwords.")

    package static let hashingQueue = Setting(
        "GATEHOUSE_HASHING_QUEUE", unit: "1 to 4096 passwords", defaultValue: "64",
        help: """
            The maximum number of passwords that may wait to be hashed. If there are more, one \
            request is answered 503: a signup if there is one, otherwise a login from the network \
            that has the most waiting, and last a login from a device that the account knows.
            """)

    package static let refusalDelay = Setting(
        "GATEHOUSE_REFUSAL_DELAY", unit: "0 to 10 seconds", defaultValue: "1",
        help: """
            How long a login waits before it is answered 429 or 503, so that clients that repeat \
            it at once do not take the processor from others. 0 means that it is answered at once.
            """)

    package static let passwordScheme = Setting(
        "GATEHOUSE_PASSWORD_SCHEME", unit: "bcrypt or yescrypt", defaultValue: "bcrypt",
        help: "The algorithm that hashes new passwords; existing hashes of both are accepted.")

    package static let passwordCost = Setting(
        "GATEHOUSE_PASSWORD_COST", unit: "4 to 15 for bcrypt, 1 to 11 for yescrypt",
        defaultValue: "10 for bcrypt, 5 for yescrypt",
        help: "The cost of hashing a password; each step doubles the work.")

    package static let hashingMemory = Setting(
        "GATEHOUSE_HASHING_MEMORY", unit: "16 to 16384 MiB", defaultValue: "128",
        help: """
            The maximum memory that one stored password hash may need. One that needs more is \
            refused by `gatehouse import` and matches no password. The hashes of new passwords are \
            always allowed.
            """)

    package static let emailDomains = Setting(
        "GATEHOUSE_EMAIL_DOMAINS", unit: "comma-separated top-level domains, or any",
        defaultValue: "com,net,org,edu,gov,mil,int,co,io,me,info,biz",
        help: """
            The top-level domains that an e-mail address may have at signup. The commands of \
            gatehouse(8) accept all.
            """)

    package static let signup = Setting(
        "GATEHOUSE_SIGNUP", unit: "open or closed", defaultValue: "open",
        help: """
            Whether anyone may add an account for themselves. With closed, only the operator adds \
            accounts (`gatehouse user add`, `gatehouse import`), and the page offers no signup.
            """)

    package static let people = Setting(
        "GATEHOUSE_PEOPLE", unit: "on or off", defaultValue: "on",
        help: """
            Whether the site has people, the sample resource that every user reads and changes. \
            With off, /api/people does not exist, and the page does not show it.
            """)

    package static let siteName = Setting(
        "GATEHOUSE_SITE_NAME", unit: "a line of up to 60 characters", defaultValue: "",
        help: "The name that visitors read on the page. Without it, they read the site's address.")

    package static let siteLogo = Setting(
        "GATEHOUSE_SITE_LOGO", unit: "path of an image on the site, such as /logo.svg",
        defaultValue: "",
        help: """
            The logo that the page shows beside the name and as its icon. nginx serves the file.
            """)

    package static let siteColor = Setting(
        "GATEHOUSE_SITE_COLOR", unit: "# and six hexadecimal digits, such as #17685f",
        defaultValue: "",
        help: """
            The colour of buttons and links on the page. The page darkens it in the light theme \
            and lightens it in the dark theme, so that text stays readable.
            """)

    package static let passwordHelp = Setting(
        "GATEHOUSE_PASSWORD_HELP", unit: "a line of up to 300 characters", defaultValue: "",
        help: """
            What the login page says to someone who has forgotten their password. If the last word \
            is an address that begins with https:// or mailto:, it is a link. Without the setting, \
            the page says to ask the people who run the site.
            """)

    package static let strict = Setting(
        "GATEHOUSE_STRICT", unit: "on or off", defaultValue: "off",
        help: """
            Whether tokens are sent only in the cookies __Host-accessToken and \
            __Secure-refreshToken, and new passwords need 15 characters of any kind. Clients \
            written for the Express backend expect neither.
            """)

    package static let commonPasswords = Setting(
        "GATEHOUSE_COMMON_PASSWORDS", unit: "refuse or accept",
        defaultValue: "refuse in strict mode, else accept",
        help: """
            Whether new passwords that attackers try first, such as Passw0rd!, are refused. \
            Existing passwords keep working.
            """)

    package static let allowedOrigins = Setting(
        "GATEHOUSE_ALLOWED_ORIGINS", unit: "comma-separated origins", defaultValue: "",
        help: "Other origins, such as https://app.example.com, that may use the cookies.")

    package static let metricsListen = Setting(
        "GATEHOUSE_METRICS_LISTEN", unit: "unix:/path, tcp:host:port, fd:number or none",
        defaultValue: "none",
        help: """
            The address that serves metrics over FastCGI to any client that connects. If this is \
            not set and systemd passes a socket named metrics, the server uses that socket.
            """)

    package static let logLevel = Setting(
        "GATEHOUSE_LOG_LEVEL", unit: "trace, debug, info, notice, warning, error or critical",
        defaultValue: "info",
        help: "The lowest level of messages that are logged.")

    package static let environment = Setting(
        "GATEHOUSE_ENVIRONMENT", unit: "name", defaultValue: "production",
        help: "The environment's name, as /health shows it.")

    package static let nodeEnvironment = Setting(
        "NODE_ENV", unit: "name",
        help: "The Express backend's name for GATEHOUSE_ENVIRONMENT, which takes precedence.")

    package static let settings = Setting(
        "GATEHOUSE_SETTINGS", unit: "path, or empty for none",
        defaultValue: "/etc/default/gatehouse if it exists",
        help: """
            A file of further settings, one NAME=value per line; environment variables take \
            precedence. SIGHUP reads it again.
            """)

    /// Every setting, in the order in which `gatehouse check` shows them.
    package static let all: [Setting] = [
        secret, secretFile, accessLifetime, refreshLifetime, refreshWindow,
        sessionsPerAccount, database, passwordScheme, passwordCost, hashingMemory, emailDomains,
        strict, commonPasswords, signup, people, siteName, siteLogo, siteColor, passwordHelp,
        peopleLimit, peopleRate, listen, metricsListen, socketMode, workers, hashingThreads,
        hashingQueue, refusalDelay, allowedOrigins, logLevel, environment, nodeEnvironment,
        settings,
    ]
}

package import Identity
import Settings

/// The installation that `gatehouse doctor` checks.
///
/// Each part is read once, when a check first needs it. Reading does not change the installation.
/// Only one thread may use this object.
package final class Installation {
    /// The options of `gatehouse doctor`, which provide values that the settings do not contain.
    package struct Choices: Sendable {
        /// The address that people type to reach the site; nil to use nginx's `server_name`.
        package var site: WebAddress?
        /// The instance of the systemd template unit, such as `shop` for `gatehouse@shop`; nil for
        /// the unit `gatehouse`.
        package var instance: String?
        /// The name or path of nginx's program.
        package var nginx = "nginx"
        /// nginx's options `-p` and `-c`, which say where its configuration is.
        package var nginxArguments: [String] = []
        /// The path of a file of certificates to trust instead of the system's certificates.
        package var authority: String?

        package init() {}
    }

    let choices: Choices
    /// The time at which the checks run.
    let now: Timestamp
    /// The settings as the server reads them, with their problems and warnings.
    let reader: SettingsReader
    /// A reader that has not read any setting yet; a copy of it is used to read a single setting.
    private let unread: SettingsReader

    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - choices: The options of the command.
    ///   - variables: The environment variables, which override the settings file.
    ///   - now: The current time.
    package init(_ choices: Choices, variables: [String: String], now: Timestamp) {
        self.now = now
        self.choices = choices
        var variables = variables
        if let instance = choices.instance {
            let file = SettingsFile.installed + "@\(instance)"
            variables[Setting.settings.name] =
                variables[Setting.settings.name] ?? (File.exists(at: file) ? file : "")
        }
        let file = SettingsFile(environment: variables)
        // The server gets these values from its systemd units. The environment of this process does
        // not contain them, so they are added below.
        let suffix = choices.instance.map { "@\($0)" } ?? ""
        let unit = [
            Setting.secretFile.name: Keyring.installedPath + suffix,
            Setting.database.name: "/var/lib/gatehouse\(suffix)/gatehouse.db",
            Setting.listen.name: "unix:/run/gatehouse\(suffix)/gatehouse.sock",
        ]
        let isSecretGiven =
            [Setting.secret, .secretFile].contains {
                variables[$0.name] != nil || file.values[$0.name] != nil
            } || variables["CREDENTIALS_DIRECTORY"] != nil
        for (name, value) in unit where variables[name] == nil && file.values[name] == nil {
            guard name != Setting.secretFile.name || !isSecretGiven else { continue }
            variables[name] = value
        }
        unread = SettingsReader(variables, file: file)
        var reader = unread
        _ = ServerSettings(&reader)
        self.reader = reader
    }

    /// The name of the systemd unit, without `.service`.
    var unit: String { choices.instance.map { "gatehouse@\($0)" } ?? "gatehouse" }

    /// The path of the settings file, whether or not it exists.
    var settingsPath: String {
        reader.file.path.flatMap { $0.isEmpty ? nil : $0 } ?? SettingsFile.installed
    }

    /// The path of the database file.
    var databasePath: String {
        get throws {
            var reader = unread
            guard let settings = AccountSettings(&reader) else {
                throw Skipped("the setting GATEHOUSE_DATABASE is not valid")
            }
            return settings.databasePath
        }
    }

    /// The address at which the server listens.
    var address: ListenAddress {
        get throws {
            var reader = unread
            guard let address = reader.addresses()?.main else {
                throw Skipped("the setting GATEHOUSE_LISTEN is not valid")
            }
            return address
        }
    }

    /// The path of the server's unix socket.
    ///
    /// - Throws: `Skipped` if the server does not listen on a unix socket.
    var socketPath: String {
        get throws {
            guard case .unix(let path) = try address else {
                throw Skipped("the server does not listen on a unix socket")
            }
            return path
        }
    }

    /// The origins in the setting GATEHOUSE_ALLOWED_ORIGINS.
    var allowedOrigins: [String] {
        get throws {
            var reader = unread
            guard let origins = reader.value(.allowedOrigins, Origin.parseList) else {
                throw Skipped("the setting GATEHOUSE_ALLOWED_ORIGINS is not valid")
            }
            return origins.sorted()
        }
    }

    /// The opened database; nil if the file is missing or empty.
    private(set) lazy var database = Result { try ExaminedDatabase(databasePath) }

    /// The output of `nginx -T`.
    private(set) lazy var nginxDump = Result { try NginxDump.read(choices) }

    /// nginx's configuration as a reload would read it.
    private(set) lazy var nginxConfiguration = Result { () throws -> NginxConfiguration in
        let dump = try nginxDump.get()
        guard dump.isAccepted else { throw Skipped("nginx does not accept its configuration") }
        return try NginxConfiguration(dump.text)
    }

    /// The server block of nginx that passes requests to Gatehouse.
    private(set) lazy var site = Result { () throws -> NginxSite in
        let found = NginxSite.find(
            in: try nginxConfiguration.get(), address: try? address, choices: choices)
        guard let found else {
            throw Skipped("nginx has no site that passes requests to this server")
        }
        return found
    }

    /// The address that people type to reach the site.
    var webAddress: WebAddress {
        get throws {
            if let site = choices.site { return site }
            guard let address = try site.get().webAddress else {
                throw Skipped("nginx's site has no server_name; give the address with --site")
            }
            return address
        }
    }

    /// A client of the site, which has already requested `/health`.
    private(set) lazy var client = Result { try SiteClient(of: self) }
}

import Glibc
import Settings

/// The installation that the doctor looks at, each part read once and when it is first asked for.
///
/// Nothing here changes anything. For one thread.
package final class Installation {
    /// Where to look, where that is not said by the settings.
    package struct Choices: Sendable {
        /// The page's address as people type it; that of nginx's configuration where it is nil.
        package var site: WebAddress?
        /// A further site on this machine, such as `shop` for `gatehouse@shop`.
        package var instance: String?
        /// nginx's program.
        package var nginx = "nginx"
        /// Arguments that say where its configuration is.
        package var nginxArguments: [String] = []
        /// A file of certificates to trust in place of the system's.
        package var authority: String?

        /// Makes choices with the defaults.
        package init() {}
    }

    let choices: Choices
    /// The settings as the server would read them, with what is wrong with them.
    let reader: SettingsReader
    private let blank: SettingsReader

    /// Reads the settings.
    ///
    /// - Parameters:
    ///   - choices: Where to look.
    ///   - variables: The environment, which wins over the settings' file.
    package init(_ choices: Choices, variables: [String: String]) {
        self.choices = choices
        var variables = variables
        if let instance = choices.instance {
            let file = SettingsFile.installed + "@\(instance)"
            variables[Setting.settings.name] =
                variables[Setting.settings.name] ?? (File.exists(at: file) ? file : "")
        }
        let file = SettingsFile(environment: variables)
        // What systemd hands to the service and to no other process.
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
        blank = SettingsReader(variables, file: file)
        var reader = blank
        _ = ServerSettings(&reader)
        self.reader = reader
    }

    /// The name of its unit in systemd, without `.service`.
    var unit: String { choices.instance.map { "gatehouse@\($0)" } ?? "gatehouse" }

    /// The file of its settings, where it has one.
    var settingsPath: String {
        reader.file.path.flatMap { $0.isEmpty ? nil : $0 } ?? SettingsFile.installed
    }

    /// The path of the database.
    var databasePath: String {
        get throws {
            var reader = blank
            guard let settings = AccountSettings(&reader) else {
                throw Skipped("the settings do not say where the database is")
            }
            return settings.databasePath
        }
    }

    /// Where the server listens.
    var address: ListenAddress {
        get throws {
            var reader = blank
            guard let address = reader.addresses()?.main else {
                throw Skipped("the settings do not say where the server listens")
            }
            return address
        }
    }

    /// The path of the socket, where it is one of unix.
    var socketPath: String {
        get throws {
            guard case .unix(let path) = try address else {
                throw Skipped("the server does not listen on a path")
            }
            return path
        }
    }

    /// The origins that the server lets use the cookies.
    var allowedOrigins: [String] {
        get throws {
            var reader = blank
            guard let origins = reader.value(.allowedOrigins, Origin.parseList) else {
                throw Skipped("the allowed origins cannot be read")
            }
            return origins.sorted()
        }
    }

    /// The database; nil where there is none.
    private(set) lazy var database = Result { try ExaminedDatabase(databasePath) }

    /// What `nginx -T` says.
    private(set) lazy var nginxDump = Result { try NginxDump.read(choices) }

    /// nginx's configuration as it would be loaded now.
    private(set) lazy var nginxConfiguration = Result { () throws -> NginxConfiguration in
        let dump = try nginxDump.get()
        guard dump.isAccepted else { throw Skipped("nginx does not accept its configuration") }
        return try NginxConfiguration(dump.text)
    }

    /// The site of nginx that passes requests to this server.
    private(set) lazy var site = Result { () throws -> NginxSite in
        let found = NginxSite.find(
            in: try nginxConfiguration.get(), address: try? address, choices: choices)
        guard let found else { throw Skipped("nginx has no site for this server") }
        return found
    }

    /// The page's address as people type it.
    var webAddress: WebAddress {
        get throws {
            if let site = choices.site { return site }
            guard let address = try site.get().webAddress else {
                throw Skipped("nginx's site has no name; give --site")
            }
            return address
        }
    }

    /// The answer to `GET /health` through nginx.
    private(set) lazy var front = Result { try SiteClient(of: self) }
}

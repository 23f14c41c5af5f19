/// A file of settings.
///
/// Every command uses this file. When the server reloads, it reads the file again.
///
/// As in systemd's `EnvironmentFile=`, each line is a setting (`NAME=value`), a comment that begins
/// with `#` or `;`, or blank. `SettingsLine` says which values are accepted.
package struct SettingsFile: Sendable {
    /// The path at which the Debian package installs the file.
    package static let installed = "/etc/default/gatehouse"

    /// The file's path; nil or empty if no file is used.
    package let path: String?
    /// The settings in the file, by name.
    package private(set) var values: [String: String] = [:]
    /// The file's problems, which stop the server from starting.
    package private(set) var problems: [SettingIssue] = []
    /// Questionable settings in the file.
    package private(set) var warnings: [SettingIssue] = []

    /// The value that stands for a missing settings file.
    package static let none = SettingsFile(path: nil)

    private init(path: String?) { self.path = path }

    /// Reads the settings file.
    ///
    /// GATEHOUSE_SETTINGS contains the file's path. If that variable is not set, the file at the
    /// path `installed` is read, if it exists.
    package init(environment: [String: String]) {
        let given = environment[Setting.settings.name]
        path = given ?? (File.exists(at: Self.installed) ? Self.installed : nil)
        guard let path, !path.isEmpty else { return }
        do throws(FileError) {
            let file = try File.read(path, atMost: 64 * 1024)
            read(file.bytes)
            if file.isReadableByOthers, values[Setting.secret.name] != nil {
                warnings.append(
                    SettingIssue(
                        name: Setting.secret.name,
                        text: "every local user can read it in \(path.quoted); run chmod o= on it"))
            }
        } catch {
            let fix = "correct \(Setting.settings.name), or leave it empty to use no file"
            refuse("this settings file \(error); \(fix)")
        }
    }

    private mutating func read(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, bytes) in lines.enumerated() {
            do throws(InvalidValue) {
                guard let line = try SettingsLine(bytes) else { continue }
                if let reason = Self.objection(to: line.name) { throw InvalidValue(reason) }
                guard values.updateValue(line.value, forKey: line.name) == nil else {
                    throw InvalidValue("sets \(line.name) again; keep one of them")
                }
            } catch {
                refuse("line \(index + 1) \(error.reason)")
            }
        }
    }

    /// Returns why a file cannot set this name; nil if it can.
    ///
    /// A name that resembles no setting is not repeated in the reason. The line may be a secret
    /// that was pasted into the file: a secret in Base64 can end with `=` and so look like a name.
    private static func objection(to name: String) -> String? {
        let known = Setting.all.map(\.name).filter { $0 != Setting.settings.name }
        if known.contains(name) { return nil }
        if name == Setting.settings.name {
            return "sets \(name), which only an environment variable can set; remove the line"
        }
        if name.hasPrefix("export ") { return "begins with export; remove that word" }
        if let meant = name.trimmingBlanks.uppercased().nearest(in: known) {
            return "sets \(name.quoted), which is not a setting; did you mean \(meant)?"
        }
        let subject =
            name.hasPrefix("GATEHOUSE_")
            ? "sets \(name.quoted), which is not a setting" : "does not start with a setting's name"
        return "\(subject); `gatehouse check --explain` lists the settings"
    }

    private mutating func refuse(_ text: String) {
        problems.append(
            SettingIssue(name: path.map(\.escaped) ?? Setting.settings.name, text: text))
    }
}

extension SettingsFile {
    /// The path at which the package installs the secret of the site with these settings.
    ///
    /// It is nil if the settings file is not at the package's path, which is
    /// `/etc/default/gatehouse`, or `/etc/default/gatehouse@shop` for the site `shop`.
    package var installedSecret: String? {
        let suffix = (path ?? Self.installed).dropFirst(Self.installed.count)
        guard path == nil || path?.hasPrefix(Self.installed) == true,
            suffix.isEmpty || suffix.hasPrefix("@") && !suffix.contains("/")
        else { return nil }
        return Keyring.installedPath + suffix
    }
}

extension SettingsReader {
    /// A new reader of this process's environment variables and settings file.
    package static var present: SettingsReader {
        let variables = Environment.variables
        return SettingsReader(variables, file: SettingsFile(environment: variables))
    }

    /// Records the path of the settings file for `gatehouse check`.
    package mutating func noteSettingsFile() {
        let path = file.path.map { $0.isEmpty ? "(none)" : $0.escaped }
        let isGiven = environment[Setting.settings.name] != nil
        note(.settings, as: path ?? "(none)", from: isGiven ? .environment : .defaultValue)
    }
}

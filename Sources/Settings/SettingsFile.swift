/// A file of settings.
///
/// Every command uses this file. When the server reloads, it reads the file again.
///
/// As in systemd's `EnvironmentFile=`, each line is a setting (`NAME=value`), a comment that begins
/// with `#` or `;`, or blank. The value may be in quotes. A shell reads such a line in the same way
/// if the value contains no spaces and no characters that are special to the shell.
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
            let line = String(decoding: bytes, as: UTF8.self).trimmingBlanks
            guard let first = line.first, first != "#", first != ";" else { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !line.hasSuffix("\\") else {
                refuse("line \(index + 1) is not NAME=value; write one setting per line")
                continue
            }
            let name = String(parts[0])
            guard Setting.all.contains(where: { $0.name == name }), name != Setting.settings.name
            else {
                refuse(
                    """
                    line \(index + 1) does not start with a setting's name; \
                    `gatehouse check --explain` lists the settings
                    """)
                continue
            }
            guard values.updateValue(unquoted(parts[1]), forKey: name) == nil else {
                refuse("line \(index + 1) sets \(name) again; keep one of them")
                continue
            }
        }
    }

    private func unquoted(_ text: Substring) -> String {
        let text = String(String(text).trimmingBlanks)
        for quote in ["\"", "'"] where text.hasPrefix(quote) && text.hasSuffix(quote) {
            if text.utf8.count > 1 { return String(text.dropFirst().dropLast()) }
        }
        return text
    }

    private mutating func refuse(_ text: String) {
        problems.append(
            SettingIssue(name: path.map(\.escaped) ?? Setting.settings.name, text: text))
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

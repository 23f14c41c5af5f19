/// Settings that are kept in a file, so that every command finds them and a reload reads them anew.
///
/// A line is `NAME=value`, blank, or begins with `#` or `;`, as in systemd's `EnvironmentFile=`,
/// and as a shell reads it where the value has no blank and no sign that means something to it. The
/// value may be in quotes.
package struct SettingsFile: Sendable {
    /// Where the package keeps it.
    package static let installed = "/etc/default/gatehouse"

    /// Where it is; nil where there is none.
    package let path: String?
    /// The settings by their names.
    package private(set) var values: [String: String] = [:]
    /// What is wrong with it.
    package private(set) var problems: [SettingIssue] = []
    /// What is doubtful.
    package private(set) var warnings: [SettingIssue] = []

    /// No file.
    package static let none = SettingsFile(path: nil)

    private init(path: String?) { self.path = path }

    /// Reads the file that GATEHOUSE_SETTINGS names, else the package's, if it is there.
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
                        text: "may be read by every user in \(path.quoted); `chmod o=` it"))
            }
        } catch {
            let cure = "write the path of one that can be read, or nothing for none"
            refuse("names a file that \(error); \(cure)")
        }
    }

    private mutating func read(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, bytes) in lines.enumerated() {
            let line = String(decoding: bytes, as: UTF8.self).trimmingBlanks
            guard let first = line.first, first != "#", first != ";" else { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !line.hasSuffix("\\") else {
                refuse("line \(index + 1) is not NAME=value; write one setting on a line")
                continue
            }
            let name = String(parts[0])
            guard Setting.all.contains(where: { $0.name == name }), name != Setting.settings.name
            else {
                refuse("line \(index + 1) has no setting's name; see `gatehouse check --explain`")
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
    /// Reads what this process was started with, and the file as it is now.
    package static var present: SettingsReader {
        let variables = Environment.variables
        return SettingsReader(variables, file: SettingsFile(environment: variables))
    }

    /// Remembers for `check` where the file is.
    package mutating func noteSettingsFile() {
        let path = file.path.map { $0.isEmpty ? "(none)" : $0.escaped }
        let isGiven = environment[Setting.settings.name] != nil
        note(.settings, as: path ?? "(none)", from: isGiven ? .environment : .defaultValue)
    }
}

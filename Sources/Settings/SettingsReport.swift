/// The texts that `gatehouse check` prints.
package enum SettingsReport {
    /// Returns a table with the value and source of every setting, followed by the warnings.
    ///
    /// The table shows no secret.
    package static func report(of reader: SettingsReader) -> String {
        let rows = reader.readings.map { [$0.setting.name, $0.value, "\($0.source)"] }
        let warnings = reader.warnings.map { "warning: \($0)" }
        return ([TextTable([["SETTING", "VALUE", "FROM"]] + rows).text] + warnings)
            .joined(separator: "\n")
    }

    /// The help text, format and default of every setting.
    package static var explanation: String {
        Setting.all.map { setting in
            let value = setting.defaultValue.map { $0.isEmpty ? "none" : $0 } ?? "not set"
            return """
                \(setting.name)
                    \(setting.help)
                    Format: \(setting.unit). Default: \(value).
                """
        }.joined(separator: "\n")
    }
}

extension SettingsReader.Source: CustomStringConvertible {
    package var description: String {
        switch self {
        case .defaultValue: "default"
        case .environment: "environment"
        case .file: "file"
        case .credential: "credential"
        case .systemd: "systemd"
        }
    }
}

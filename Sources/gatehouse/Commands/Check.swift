import ArgumentParser

/// Shows what the settings are and what is wrong with them.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show every setting, where it comes from and what is wrong with it.",
        discussion: "Secrets are not shown. Exits with 1 if the server would not start.")

    @Flag(help: "List what each setting means instead, with its unit and default.")
    var explain = false

    @Flag(help: "Say only what is wrong.")
    var quiet = false

    func run() throws {
        if explain {
            print(Check.explanation)
            return
        }
        var reader = SettingsReader.present
        _ = Settings(&reader)
        if !quiet { print(Check.report(of: reader)) }

        var standardError = StandardError()
        for problem in reader.problems { print(problem, to: &standardError) }
        guard reader.problems.isEmpty else { throw ExitCode.failure }
    }

    /// Each setting's value and source, then the warnings.
    static func report(of reader: SettingsReader) -> String {
        let rows = reader.readings.map { [$0.setting.name, $0.value, "\($0.source)"] }
        let warnings = reader.warnings.map { "warning: \($0)" }
        return ([columns([["SETTING", "VALUE", "FROM"]] + rows)] + warnings)
            .joined(separator: "\n")
    }

    /// The table of all settings in words.
    static var explanation: String {
        Setting.all.map { setting in
            let standard = setting.standard.map { $0.isEmpty ? "none" : $0 } ?? "not set"
            return """
                \(setting.name)
                    \(setting.meaning)
                    Written as: \(setting.unit). Default: \(standard).
                """
        }.joined(separator: "\n")
    }
}

extension SettingsReader.Source: CustomStringConvertible {
    var description: String {
        switch self {
        case .standard: "default"
        case .environment: "environment"
        case .file: "file"
        case .credential: "credential"
        case .systemd: "systemd"
        }
    }
}

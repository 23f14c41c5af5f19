import Settings

/// Checks that report the problems and warnings of `gatehouse check`.
///
/// Problems and warnings about the secret are left out, because the secret has its own checks.
extension Check {
    static let settings = [
        Check("settings-wrong", wrongSettings),
        Check("settings-questionable", questionableSettings),
    ]

    private static let secretNames = [Setting.secret.name, Setting.secretFile.name]

    private static func wrongSettings(_ installation: Installation) -> [Finding] {
        installation.reader.problems.filter { !secretNames.contains($0.name) }.map { problem in
            .error(
                "Invalid setting: \(sentence(problem))",
                why: "The server does not start with an invalid setting, and a reload is rejected.",
                cure: edit(installation))
        }
    }

    private static func questionableSettings(_ installation: Installation) -> [Finding] {
        installation.reader.warnings.filter { !secretNames.contains($0.name) }.map { warning in
            .warning(
                "Questionable setting: \(sentence(warning))",
                why: "The server runs with this setting, but the site may be less safe, or the "
                    + "setting may not have the effect that you want.",
                cure: edit(installation))
        }
    }

    /// Returns the issue with a period at its end, unless it ends with a question mark.
    private static func sentence(_ issue: SettingIssue) -> String {
        issue.text.hasSuffix("?") ? "\(issue)" : "\(issue)."
    }

    /// Returns the command that edits the settings file and makes the server reload it.
    static func edit(_ installation: Installation) -> String {
        "sudoedit \(installation.settingsPath.asShellWord) && "
            + "systemctl reload-or-restart \(installation.unit.asShellWord)"
    }
}

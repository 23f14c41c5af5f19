import Settings

/// What `gatehouse check` says, but for the secret, which has looks of its own.
extension Check {
    static let settings = [
        Check("settings-wrong", wrongSettings),
        Check("settings-questionable", doubtfulSettings),
    ]

    private static let secretNames = [Setting.secret.name, Setting.secretFile.name]

    private static func wrongSettings(_ installation: Installation) -> [Finding] {
        installation.reader.problems.filter { !secretNames.contains($0.name) }.map { problem in
            .error(
                sentence(problem),
                why: "The server does not start with it, and a reload leaves it as it was.",
                cure: edit(installation))
        }
    }

    private static func doubtfulSettings(_ installation: Installation) -> [Finding] {
        installation.reader.warnings.filter { !secretNames.contains($0.name) }.map { warning in
            .warning(
                sentence(warning), why: "It works, but hardly as it was meant.",
                cure: edit(installation))
        }
    }

    private static func sentence(_ remark: SettingIssue) -> String { "\(remark)." }

    static func edit(_ installation: Installation) -> String {
        "sudoedit \(installation.settingsPath.asShellWord) && "
            + "systemctl reload \(installation.unit.asShellWord)"
    }
}

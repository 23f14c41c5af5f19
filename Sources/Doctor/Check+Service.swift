import Settings

/// Checks of Gatehouse's systemd units and of the system clock.
///
/// These checks are skipped if systemd is not running.
extension Check {
    static let service = [
        Check("service-stopped", stoppedService),
        Check("backup-disabled", disabledBackup),
        Check("clock-unsynchronised", unsynchronisedClock),
    ]

    private static func systemd(_ program: String, _ arguments: [String]) throws -> String {
        // sd_booted(3): this directory exists if systemd is running.
        guard File.exists(at: "/run/systemd/system") else {
            throw Skipped("systemd is not running on this machine")
        }
        return String(try ChildProcess.run(program, arguments).output.trimmingBlanks)
    }

    private static func stoppedService(_ installation: Installation) throws -> [Finding] {
        try ["socket", "service"].flatMap { kind in
            let unit = "\(installation.unit).\(kind)"
            let active = try systemd("systemctl", ["is-active", "--", unit])
            let enabled = try systemd("systemctl", ["is-enabled", "--", unit])
            return findings(of: unit, active: active, enabled: enabled)
        }
    }

    /// Returns the findings that follow from the output of `systemctl is-active` and
    /// `systemctl is-enabled` for a unit.
    static func findings(of unit: String, active: String, enabled: String) -> [Finding] {
        if !["active", "reloading", "activating"].contains(active) {
            let state = active.isEmpty ? "not installed" : active.escaped
            return [
                .error(
                    "The systemd unit \(unit) is not running: its state is \(state).",
                    why: "No one can log in until it runs.",
                    cure: "systemctl enable --now \(unit); journalctl -u \(unit) -n 20")
            ]
        }
        guard ["disabled", "masked", "not-found", ""].contains(enabled) else { return [] }
        return [
            .warning(
                "The systemd unit \(unit) is running, but it is not enabled.",
                why: "It will not start when the machine next boots.",
                cure: "systemctl enable \(unit)")
        ]
    }

    private static func disabledBackup(_ installation: Installation) throws -> [Finding] {
        let timer =
            installation.choices.instance.map { "gatehouse-backup@\($0).timer" }
            ?? "gatehouse-backup.timer"
        let active = try systemd("systemctl", ["is-active", "--", timer])
        let enabled = try systemd("systemctl", ["is-enabled", "--", timer])
        return findings(ofTimer: timer, active: active, enabled: enabled)
    }

    /// Returns the findings that follow from the output of `systemctl is-active` and
    /// `systemctl is-enabled` for the timer of the backups.
    ///
    /// A masked timer leads to no finding: the administrator has decided to make backups in another
    /// way.
    static func findings(ofTimer timer: String, active: String, enabled: String) -> [Finding] {
        guard enabled != "masked", active != "active" || enabled == "disabled" else { return [] }
        return [
            .warning(
                "The systemd unit \(timer) is not \(active == "active" ? "enabled" : "active"), so "
                    + "the daily backup is not made.",
                why: "If the disk fails, all accounts are lost.",
                cure: "systemctl enable --now \(timer); or systemctl mask \(timer), if you make "
                    + "backups in another way")
        ]
    }

    private static func unsynchronisedClock(_ installation: Installation) throws -> [Finding] {
        let output = try systemd("timedatectl", ["show", "--property=NTPSynchronized", "--value"])
        guard output != "yes" else { return [] }
        // A container shares its host's clock and cannot set it.
        guard try ChildProcess.run("systemd-detect-virt", ["--container"]).status != 0 else {
            throw Skipped("this machine is a container, and its clock belongs to the host")
        }
        return try findings(ofClock: output)
    }

    /// Returns the findings that follow from the property `NTPSynchronized` of `timedatectl`.
    ///
    /// - Throws: `Skipped` if the property has no value.
    static func findings(ofClock synchronised: String) throws -> [Finding] {
        guard synchronised != "yes" else { return [] }
        guard synchronised == "no" else {
            throw Skipped("timedatectl does not say whether the clock is synchronised")
        }
        return [
            .warning(
                "The system clock is not synchronised with a time server.",
                why: "Tokens expire by this clock: if it is wrong, they expire too early or too "
                    + "late.",
                cure: "apt install systemd-timesyncd && timedatectl set-ntp true")
        ]
    }
}

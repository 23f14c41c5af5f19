import Settings

/// What systemd says, where it runs.
extension Check {
    static let service = [
        Check("service-stopped", stoppedService),
        Check("clock-unsynchronised", unsynchronisedClock),
    ]

    private static func systemd(_ program: String, _ arguments: [String]) throws -> String {
        // sd_booted(3).
        guard File.exists(at: "/run/systemd/system") else {
            throw Skipped("systemd does not run here")
        }
        let said = try ChildProcess.run(program, arguments)
        return String(said.output.trimmingBlanks)
    }

    private static func stoppedService(_ installation: Installation) throws -> [Finding] {
        try ["socket", "service"].flatMap { kind in
            let unit = "\(installation.unit).\(kind)"
            let active = try systemd("systemctl", ["is-active", "--", unit])
            let enabled = try systemd("systemctl", ["is-enabled", "--", unit])
            return diagnosis(of: unit, active: active, enabled: enabled)
        }
    }

    /// What is wrong with a unit, by what `systemctl is-active` and `is-enabled` say.
    static func diagnosis(of unit: String, active: String, enabled: String) -> [Finding] {
        if !["active", "reloading", "activating"].contains(active) {
            return [
                .error(
                    "\(unit) is \(active.isEmpty ? "not installed" : active.escaped).",
                    why: "Without it nobody can log in.",
                    cure: "systemctl enable --now \(unit); journalctl -u \(unit) -n 20")
            ]
        }
        guard ["disabled", "masked", "not-found", ""].contains(enabled) else { return [] }
        return [
            .warning(
                "\(unit) runs and is not enabled.",
                why: "After the machine's next start it does not run.",
                cure: "systemctl enable \(unit)")
        ]
    }

    private static func unsynchronisedClock(_ installation: Installation) throws -> [Finding] {
        let said = try systemd("timedatectl", ["show", "--property=NTPSynchronized", "--value"])
        guard said != "yes" else { return [] }
        // Where it is the host's, nothing here can set it.
        guard try ChildProcess.run("systemd-detect-virt", ["--container"]).status != 0 else {
            throw Skipped("the clock is the host's, not this machine's own")
        }
        return try diagnosis(ofClock: said)
    }

    /// What is wrong with the clock, by what `timedatectl` says of `NTPSynchronized`.
    ///
    /// - Throws: `Skipped` where it says nothing.
    static func diagnosis(ofClock synchronised: String) throws -> [Finding] {
        guard synchronised != "yes" else { return [] }
        guard synchronised == "no" else { throw Skipped("timedatectl does not say") }
        return [
            .warning(
                "The clock is not synchronised.",
                why: "Tokens live by it: where it is wrong, they end too early or too late.",
                cure: "apt install systemd-timesyncd && timedatectl set-ntp true")
        ]
    }
}

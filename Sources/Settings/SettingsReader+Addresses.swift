import Glibc

extension SettingsReader {
    /// The addresses to serve requests and metrics on: the settings if they are set, otherwise the
    /// sockets that systemd passed to this process, otherwise the defaults.
    ///
    /// The passed socket that is named `metrics` (`FileDescriptorName=` in the socket unit) serves
    /// metrics. There must be exactly one other, which serves requests.
    package mutating func addresses() -> (main: ListenAddress, metrics: ListenAddress?)? {
        let passed = passedSockets
        let others = passed.filter { $0.name != "metrics" }
        let main = address(.listen, passed: others) { text throws(InvalidValue) in
            try ListenAddress(text)
        }
        let metrics = address(.metricsListen, passed: passed.filter { $0.name == "metrics" }) {
            text throws(InvalidValue) -> ListenAddress? in
            text == "none" ? nil : try ListenAddress(text)
        }
        guard let main, let metrics else { return nil }
        if !main.isLocal {
            warn(
                .listen,
                """
                anyone who can connect to this port can impersonate nginx; use it only on a \
                trusted network
                """)
        }
        if let metrics, metrics == main {
            refuse(
                .metricsListen,
                "is the same address as GATEHOUSE_LISTEN; write a different one, or the word none")
            return nil
        }
        return (main, metrics)
    }

    private mutating func address<Address>(
        _ setting: Setting, passed: [PassedSocket],
        _ parse: (String) throws(InvalidValue) -> Address
    ) -> Address? {
        guard environment[setting.name] == nil, let first = passed.first else {
            return value(setting, parse)
        }
        note(setting, as: "fd:\(first.descriptor)", from: .systemd)
        guard passed.count == 1 else {
            refuse(
                setting,
                """
                systemd passes \(passed.count) sockets; keep one ListenStream= in the socket unit
                """)
            return nil
        }
        return try? parse("fd:\(first.descriptor)")
    }

    /// The sockets that systemd passed to this process.
    ///
    /// `LISTEN_PID` tells them from sockets passed to a parent process, whose environment this
    /// process may have inherited; see sd_listen_fds(3).
    private var passedSockets: [PassedSocket] {
        guard let process = environment["LISTEN_PID"].flatMap({ Int32($0) }), process == getpid(),
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), count > 0
        else { return [] }
        let names = (environment["LISTEN_FDNAMES"] ?? "")
            .split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        return (0..<min(count, 64)).map { index in
            PassedSocket(
                name: Int(index) < names.count ? names[Int(index)] : "",
                // sd_listen_fds(3): passed descriptors start at 3 (SD_LISTEN_FDS_START).
                descriptor: 3 + index)
        }
    }
}

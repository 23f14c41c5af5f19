import Glibc

extension SettingsReader {
    /// Reads the addresses at which the server accepts requests and offers metrics.
    ///
    /// For each address, the setting takes precedence over a socket that systemd passed to this
    /// process, and the passed socket takes precedence over the default. The passed socket with the
    /// name `metrics` (`FileDescriptorName=` in the socket unit) is for metrics. At most one other
    /// socket may be passed, and it is for requests.
    ///
    /// - Returns: The addresses, or nil if there is a problem, which the reader records.
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
        if let metrics, !metrics.isLocal {
            warn(
                .metricsListen,
                """
                anyone who can connect to this port can read the metrics; write a unix socket, or \
                tcp:127.0.0.1:port
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
    /// If `LISTEN_PID` is not the ID of this process, systemd passed the sockets to a parent
    /// process, from which this process inherited the environment; see sd_listen_fds(3).
    var passedSockets: [PassedSocket] {
        guard let process = environment["LISTEN_PID"].flatMap({ Int32($0) }), process == getpid(),
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), count > 0
        else { return [] }
        let names = (environment["LISTEN_FDNAMES"] ?? "")
            .split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        return (0..<min(count, 64)).map { index in
            PassedSocket(
                name: Int(index) < names.count ? names[Int(index)] : "",
                // The first passed descriptor is 3 (SD_LISTEN_FDS_START in sd_listen_fds(3)).
                descriptor: 3 + index)
        }
    }
}

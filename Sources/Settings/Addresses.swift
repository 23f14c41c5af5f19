import Glibc

extension SettingsReader {
    /// Where to listen, and where to tell metrics: as set, else the sockets that were passed to this
    /// process, else the defaults.
    ///
    /// Of passed sockets the one whose unit calls it `metrics` (`FileDescriptorName=`) is for
    /// metrics, and there must be exactly one other.
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
            warn(.listen, "whoever reaches this port can speak for nginx; trust its network")
        }
        if let metrics, metrics == main {
            refuse(.metricsListen, "is where nginx connects; write another address, or none")
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
                "systemd passes \(passed.count) sockets; keep one ListenStream= in its unit")
            return nil
        }
        return try? parse("fd:\(first.descriptor)")
    }

    /// The sockets that were passed to this very process and not to some ancestor of it; see
    /// sd_listen_fds(3).
    private var passedSockets: [PassedSocket] {
        guard let process = environment["LISTEN_PID"].flatMap({ Int32($0) }), process == getpid(),
            let count = environment["LISTEN_FDS"].flatMap({ Int32($0) }), count > 0
        else { return [] }
        let names = (environment["LISTEN_FDNAMES"] ?? "")
            .split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        return (0..<min(count, 64)).map { index in
            PassedSocket(
                name: Int(index) < names.count ? names[Int(index)] : "",
                // The first that systemd passes, and those behind it.
                descriptor: 3 + index)
        }
    }
}

/// A listening socket that systemd has opened, and what its unit calls it.
private struct PassedSocket {
    let name: String
    let descriptor: Int32
}

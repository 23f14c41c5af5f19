import Glibc

/// How many file descriptors this process may have open.
enum DescriptorLimit {
    /// Raises the limit to what the process is allowed, at most 65,536.
    ///
    /// systemd starts a service with 1,024, for programs that use select(2), which fails beyond
    /// that (systemd.exec(5), LimitNOFILE=). Each connection of nginx takes one descriptor. If the
    /// limit cannot be raised, it stays as it is.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let allowed = min(limit.rlim_max, 65_536)
        guard limit.rlim_cur < allowed else { return }
        limit.rlim_cur = allowed
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

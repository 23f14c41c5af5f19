import Glibc

/// How many file descriptors this process may have open.
enum DescriptorLimit {
    /// Raises the soft limit to the hard limit, but to 65,536 at most.
    ///
    /// systemd starts a service with a soft limit of 1,024, for programs that use select(2), which
    /// cannot handle more descriptors (systemd.exec(5), LimitNOFILE=). Each connection from nginx
    /// takes one descriptor. If the limit cannot be raised, it stays as it is.
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let allowed = min(limit.rlim_max, 65_536)
        guard limit.rlim_cur < allowed else { return }
        limit.rlim_cur = allowed
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

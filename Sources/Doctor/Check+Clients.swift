import Settings

/// Checks of how nginx tells clients apart, and of how many it can serve.
extension Check {
    static let clients = [
        Check("client-forged", forgedClient),
        Check("connections-few", fewConnections),
    ]

    /// If a worker has fewer connections, one client can easily take all of them.
    private static let sufficientConnections = 4096

    private static func forgedClient(_ installation: Installation) throws -> [Finding] {
        let site = try installation.site.get()
        let trusted = site.values("set_real_ip_from").flatMap(\.self)
        guard !trusted.isEmpty else { return [] }
        let file = "\(settingsFolder(installation))/proxy.conf"
        let why =
            "A client can claim another address with each request, and so escape all limits on "
            + "guessing passwords. The addresses in the logs and events may be false too."
        if let all = trusted.first(where: { $0.hasSuffix("/0") }) {
            return [
                .error(
                    "nginx lets every client claim the address of another one "
                        + "(set_real_ip_from \(all.escaped)).",
                    why: why,
                    cure: "if a proxy or load balancer is in front of nginx, write only its "
                        + "address after set_real_ip_from in \(file); if none is, remove the "
                        + "line, \(reloadNginx)")
            ]
        }
        guard site.values("real_ip_header").isEmpty else { return [] }
        return [
            .error(
                "nginx has set_real_ip_from, but no real_ip_header, so it believes the header "
                    + "X-Real-IP, which most proxies pass on as the client sent it.",
                why: why,
                cure: "write `real_ip_header X-Forwarded-For;` into \(file), or what your proxy "
                    + "sends, \(reloadNginx)")
        ]
    }

    private static func fewConnections(_ installation: Installation) throws -> [Finding] {
        let configuration = try installation.nginxConfiguration.get()
        let count = configuration.workerConnections
        guard count < sufficientConnections else { return [] }
        return [
            .warning(
                "nginx has only \(count) connections for each worker (worker_connections).",
                why: "One client that opens as many and sends nothing keeps all others out. A "
                    + "higher number makes that harder; only a firewall rule prevents it, see "
                    + "\"Many connections\" in /usr/share/doc/gatehouse/manual.md.",
                cure: "sed -i 's/worker_connections .*;/worker_connections 16384;/' "
                    + "/etc/nginx/nginx.conf && echo 'worker_rlimit_nofile 40000;' "
                    + ">/etc/nginx/modules-enabled/90-connections.conf && nginx -t && "
                    + "systemctl restart nginx")
        ]
    }
}

/// What `gatehouse site` has done, and what is left to do.
package struct SiteReport {
    let site: SiteName
    let file: SiteFile
    /// The paths of the files that were written or removed.
    let written: [String]
    /// nginx's warnings.
    let warnings: [String]

    /// The report as text.
    package var text: String {
        let values = [
            ("Site", "https://\(file.host)"), ("Certificate", file.certificates.certificate),
            ("Key", file.certificates.key), ("Page", file.root),
        ].map { "\("\($0):".padded(to: 12)) \($1)" }
        let done =
            written.isEmpty
            ? ["Nothing had to be changed, and nginx accepts the configuration."]
            : ["nginx accepts the configuration. Written:"] + written.map { "  \($0)" }
        return
            (values + [""] + done + warnings.map { "nginx warns: \($0)" } + ["", "Next:"]
            + next.map { "  \($0)" }).joined(separator: "\n")
    }

    private var next: [String] {
        guard let instance = site.instance else {
            return ["sudo systemctl reload nginx", "sudo gatehouse doctor"]
        }
        return [
            "sudo systemctl enable --now \(site.unit).socket \(site.unit).service "
                + "gatehouse-backup@\(instance).timer",
            "sudo systemctl reload nginx",
            "sudo gatehouse doctor --instance \(instance)",
        ]
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(width - count, 0))
    }
}

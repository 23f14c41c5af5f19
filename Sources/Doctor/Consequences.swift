/// Which findings only repeat what another finding says.
///
/// For example, if the server does not start, no response comes from its socket either. Reporting
/// only the cause spares the administrator cures that change nothing.
enum Consequences {
    /// The checks that fail if the server does not run or cannot use its database.
    private static let ofSilence: Set = [
        "socket-silent", "store-unready", "site-slow", "site-answer", "login-answer",
    ]
    private static let ofNoStart = ofSilence.union(["socket-missing", "service-stopped"])

    private static let table: [String: Set<String>] = [
        "settings-wrong": ofNoStart.union(["database-missing"]),
        "secret-missing": ofNoStart.union(["database-missing"]),
        "secret-unfit": ofNoStart.union(["database-missing"]),
        "secret-example": ofNoStart.union(["database-missing"]),
        "database-version": ofNoStart,
        "database-missing": ["store-unready", "login-answer"],
        "database-owner": ["store-unready", "login-answer"],
        "database-locked-down": ["store-unready", "login-answer"],
        "database-damaged": ["store-unready", "login-answer"],
        "service-stopped": ofSilence.union(["socket-missing", "database-missing"]),
        "socket-missing": ofSilence,
        "socket-silent": ofSilence.subtracting(["socket-silent"]),
        "socket-closed-to-nginx": ["site-answer", "login-answer"],
        "nginx-missing": ["site-unreachable", "site-slow"],
        "nginx-configuration": ["site-unreachable"],
        "nginx-socket": ["site-slow", "site-answer", "login-answer"],
        "nginx-origins": ["cors-allowed"],
        "site-not-enabled": ["site-unreachable"],
        "site-unreachable": ["certificate-not-loaded"],
        "login-answer": ["responses-cacheable"],
        "page-missing": ["page-answer"],
        "headers-missing": ["hsts-missing", "request-id-missing"],
        "refusal-wrong": ["site-answer", "login-answer", "page-answer"],
    ]

    /// The names of all checks in the table.
    static var checks: Set<String> { table.values.reduce(Set(table.keys)) { $0.union($1) } }

    /// Returns the name of a check whose finding explains the finding of the given check; nil if
    /// there is no such check.
    ///
    /// A warning explains no other finding, because the site works in spite of the warning.
    static func cause(of check: String, among findings: [Finding]) -> String? {
        findings.first {
            $0.severity == .error && $0.check != check && table[$0.check]?.contains(check) == true
        }?.check
    }
}

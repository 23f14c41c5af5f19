/// The findings of all checks, and the checks that were skipped.
package struct DoctorReport {
    package private(set) var findings: [Finding] = []
    /// The names of the skipped checks, grouped by reason, in the order in which the checks ran.
    private var skipped: [(reason: String, names: [String])] = []
    private let count: Int

    /// Runs every check.
    package init(of installation: Installation) {
        self.init(of: installation, checks: Check.all)
    }

    init(of installation: Installation, checks: [Check]) {
        count = checks.count
        var found: [Finding] = []
        for check in checks {
            do {
                for var finding in try check.run(installation) {
                    finding.check = check.name
                    found.append(finding)
                }
            } catch {
                skip(check.name, because: "\(error)")
            }
        }
        findings = found.filter { Consequences.cause(of: $0.check, among: found) == nil }
        var hidden: Set<String> = []
        for finding in found where hidden.insert(finding.check).inserted {
            if let cause = Consequences.cause(of: finding.check, among: found) {
                skip(finding.check, because: "its finding follows from \(cause)")
            }
        }
    }

    private mutating func skip(_ name: String, because reason: String) {
        if let index = skipped.firstIndex(where: { $0.reason == reason }) {
            skipped[index].names.append(name)
        } else {
            skipped.append((reason, [name]))
        }
    }

    /// One line for each reason why checks were skipped.
    package var skippedLines: [String] {
        skipped.map { "Skipped \($0.names.joined(separator: ", ")): \($0.reason)." }
    }

    /// The command's exit status: 0 if there are no findings, 1 if there are only warnings, and 2
    /// if there is an error.
    package var status: Int32 {
        if findings.contains(where: { $0.severity == .error }) { return 2 }
        return findings.isEmpty ? 0 : 1
    }

    /// The report as text.
    ///
    /// It has a paragraph for each finding, errors first, followed by the skipped checks and a line
    /// of counts.
    package var text: String {
        let errors = findings.filter { $0.severity == .error }
        let warnings = findings.filter { $0.severity == .warning }
        let skippedCount = skipped.reduce(0) { $0 + $1.names.count }
        let counts = """
            Checks: \(count), errors: \(errors.count), warnings: \(warnings.count), \
            skipped checks: \(skippedCount).
            """
        let lines = skippedLines.isEmpty ? [] : [skippedLines.joined(separator: "\n")]
        return ((errors + warnings).map(\.paragraph) + lines + [counts])
            .joined(separator: "\n\n")
    }
}

import Settings

/// What the checks of an installation found, and which checks could not run.
package struct DoctorReport {
    package private(set) var findings: [Finding] = []
    /// The names of skipped checks, by the reason, in the order of the checks.
    private var skipped: [(reason: String, names: [String])] = []
    private let count: Int

    /// Runs all checks.
    package init(of installation: Installation) {
        self.init(of: installation, checks: Check.all)
    }

    /// Runs some checks.
    init(of installation: Installation, checks: [Check]) {
        count = checks.count
        for check in checks {
            do {
                findings += try check.run(installation).map { finding in
                    var finding = finding
                    finding.check = check.name
                    return finding
                }
            } catch {
                note(check.name, "\(error)")
            }
        }
    }

    private mutating func note(_ name: String, _ reason: String) {
        if let index = skipped.firstIndex(where: { $0.reason == reason }) {
            skipped[index].names.append(name)
        } else {
            skipped.append((reason, [name]))
        }
    }

    /// A line for each reason.
    package var skippedLines: [String] {
        skipped.map { "Skipped: \($0.names.joined(separator: ", ")): \($0.reason)." }
    }

    /// The exit status: 2 if there are errors, 1 if there are only warnings, else 0.
    package var status: Int32 {
        if findings.contains(where: { $0.severity == .error }) { return 2 }
        return findings.isEmpty ? 0 : 1
    }

    /// The report for people: errors, warnings, skipped checks, and a line of counts.
    package var text: String {
        let errors = findings.filter { $0.severity == .error }
        let warnings = findings.filter { $0.severity == .warning }
        let skippedCount = skipped.reduce(0) { $0 + $1.names.count }
        let counts = """
            \(count) checks: \(Self.count(errors.count, "error")), \
            \(Self.count(warnings.count, "warning")), \(skippedCount) skipped.
            """
        let lines = skippedLines.isEmpty ? [] : [skippedLines.joined(separator: "\n")]
        return ((errors + warnings).map(\.paragraph) + lines + [counts]).joined(separator: "\n\n")
    }

    private static func count(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}

/// A table on standard output.
struct Table {
    private static let widths = [37, 5, 3, 4, 9, 12, 6, 8]

    /// Prints the header.
    init(_ name: String, verdict: String) {
        Self.print(
            [name, "tabs", "L", "W", "states", "transitions", "depth", "seconds", verdict])
    }

    /// Prints the result of a run.
    func add(_ settings: Settings, _ outcome: Outcome, verdict: String) {
        Self.print([
            settings.name, "\(settings.tabs)", "\(settings.flight)", "\(settings.window)",
            "\(outcome.states)", "\(outcome.transitions)", "\(outcome.depth)",
            Self.rounded(outcome.seconds), verdict,
        ])
    }

    /// Prints the totals.
    func close(_ total: Outcome) {
        Self.print([
            "all", "", "", "", "\(total.states)", "\(total.transitions)", "",
            Self.rounded(total.seconds), "",
        ])
    }

    /// Prints a row: the first column is left-aligned, the others right-aligned, then the verdict.
    private static func print(_ columns: [String]) {
        var line = ""
        for (column, width) in zip(columns, widths) {
            let padding = String(repeating: " ", count: max(width - column.count, 0))
            line += line.isEmpty ? column + padding : padding + column
        }
        Swift.print(line + "  " + columns[widths.count])
    }

    private static func rounded(_ seconds: Double) -> String {
        let hundredths = Int((seconds * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}

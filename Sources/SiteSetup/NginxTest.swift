import Doctor
import Settings

/// nginx's own test of its configuration.
enum NginxTest {
    /// Runs `nginx -t`.
    ///
    /// - Returns: nginx's warnings.
    /// - Throws: `NginxRejection` with nginx's reason if nginx rejects the configuration; `Skipped`
    ///   if nginx cannot be run.
    static func run() throws -> [String] {
        let outcome = try ChildProcess.run("nginx", ["-t", "-e", "stderr"])
        let lines = outcome.errors.split(separator: "\n").map(String.init)
        guard outcome.status == 0 else {
            let line = lines.first { $0.contains("[emerg]") } ?? lines.last ?? "no reason given"
            throw NginxRejection(reason: message(of: line))
        }
        return lines.filter { $0.contains("[warn]") }.map(message)
    }

    /// Returns the message in a line of nginx's output, without the time, the process ID and the
    /// thread ID.
    private static func message(of line: String) -> String {
        let start = line.firstRange(of: "#")?.upperBound ?? line.startIndex
        let text = line[start...].drop { $0 != " " }.drop { $0 == " " }
        return (text.isEmpty ? line : String(text)).escaped.replacing(#"\""#, with: "\"")
    }
}

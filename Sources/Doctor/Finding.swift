import JSON
import Settings

/// A problem of an installation: what is wrong, why it matters and how to fix it.
package struct Finding: Equatable, Sendable {
    /// How bad it is.
    enum Severity: String, Sendable {
        /// It works, but less well or less safely than it should, or not for much longer.
        case warning
        /// People cannot sign in, or the wrong people can.
        case error
    }

    let severity: Severity
    /// The name of the check that found it.
    var check = ""
    let what: String
    let why: String
    /// A command, or what to do where there is none.
    let cure: String

    static func error(_ what: String, why: String, cure: String) -> Finding {
        Finding(severity: .error, what: what, why: why, cure: cure)
    }

    static func warning(_ what: String, why: String, cure: String) -> Finding {
        Finding(severity: .warning, what: what, why: why, cure: cure)
    }

    /// A paragraph for people.
    var paragraph: String {
        """
        \(severity.rawValue): \(check)
          \(what)
          \(why)
          Cure: \(cure)
        """
    }

    /// A JSON array of findings, one on a line.
    package static func json(of findings: [Finding]) -> String {
        var writer = JSONWriter(capacity: 1024)
        writer.append("[")
        for (index, finding) in findings.enumerated() {
            writer.append(index == 0 ? "\n" : ",\n")
            writer.append(#"{"severity":"#)
            writer.append(string: finding.severity.rawValue)
            writer.append(#","check":"#)
            writer.append(string: finding.check)
            writer.append(#","what":"#)
            writer.append(string: finding.what)
            writer.append(#","why":"#)
            writer.append(string: finding.why)
            writer.append(#","cure":"#)
            writer.append(string: finding.cure)
            writer.append("}")
        }
        writer.append(findings.isEmpty ? "]" : "\n]")
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

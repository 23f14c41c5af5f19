import JSON
import Settings

/// Something that is wrong, or may be: what, why it matters, and what cures it.
struct Finding: Equatable, Sendable {
    /// How bad it is.
    enum Severity: String, Sendable {
        /// It works, but not as well or as safely as it should, or not for much longer.
        case doubtful
        /// People cannot sign in, or others than they can.
        case broken
    }

    let severity: Severity
    /// The name of the look that found it.
    let check: String
    let what: String
    let why: String
    /// A command, or what to do where there is none.
    let cure: String

    init(_ check: String, _ diagnosis: Diagnosis) {
        severity = diagnosis.severity
        self.check = check
        what = diagnosis.what
        why = diagnosis.why
        cure = diagnosis.cure
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
    static func json(of findings: [Finding]) -> String {
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

/// What a look has found, without the look's name.
struct Diagnosis: Equatable, Sendable {
    let severity: Finding.Severity
    let what: String
    let why: String
    let cure: String

    static func broken(_ what: String, why: String, cure: String) -> Diagnosis {
        Diagnosis(severity: .broken, what: what, why: why, cure: cure)
    }

    static func doubtful(_ what: String, why: String, cure: String) -> Diagnosis {
        Diagnosis(severity: .doubtful, what: what, why: why, cure: cure)
    }
}

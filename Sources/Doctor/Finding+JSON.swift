import JSON

extension Finding {
    /// Formats findings as a JSON array, with one finding on each line.
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

import Settings

/// An HTTP response that curl received.
struct HTTPResponse {
    let status: Int
    /// The header fields in the order in which they were received, with names in lower case.
    let headers: [(name: String, value: String)]
    let body: String

    /// Parses the output of `curl --include`; nil if the output is not an HTTP response.
    init?(_ text: String) {
        // HTTP ends header lines with CR LF, which Swift treats as one Character. So each CR is
        // removed before the text is split at LF.
        let parts = String(decoding: text.utf8.filter { $0 != 0x0D }, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = parts.first?.split(separator: " "), first.count > 1,
            first[0].hasPrefix("HTTP/"), let status = Int(first[1]),
            let end = parts.firstIndex(of: "")
        else { return nil }
        self.status = status
        headers = parts[1..<end].compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = String(line[line.index(after: colon)...]).trimmingBlanks
            return (line[..<colon].lowercased(), String(value))
        }
        body = parts[(end + 1)...].joined(separator: "\n")
    }

    /// Returns the first value of a header field, whose name must be given in lower case.
    func header(_ name: String) -> String? { values(name).first }

    /// Returns all values of a header field, whose name must be given in lower case.
    func values(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }
}

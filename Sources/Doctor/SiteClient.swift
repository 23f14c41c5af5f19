import Settings

/// The way through nginx, as a browser of this machine takes it: by curl.
struct SiteClient {
    /// An answer of HTTP.
    struct Response {
        let status: Int
        /// Names in lower case, in the order in which they came.
        let headers: [(name: String, value: String)]
        let body: String

        /// Reads what `curl --include` prints.
        init?(_ text: String) {
            let parts = text.replacingLineBreaks.split(
                separator: "\n", omittingEmptySubsequences: false)
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

        /// The first value of a header.
        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    }

    /// What curl says where no answer came.
    struct Failure: Error {
        let status: Int32
        let complaint: String
        /// Whether a connection was made, and TLS failed.
        var isOfTLS: Bool { [35, 51, 58, 59, 60, 66, 77, 83].contains(status) }
    }

    let address: WebAddress
    private let route: [String]
    /// Why the certificate is not trusted; nil where it is.
    let distrust: String?
    /// The answer to `GET /health`.
    let health: Response

    /// Asks for `/health`.
    ///
    /// - Throws: `Failure` where there is no answer; `Skipped` where nobody can be asked.
    init(of installation: Installation) throws {
        address = try installation.webAddress
        var route: [String] = []
        // Our own nginx, whatever the name's address is: elsewhere there may be a proxy before it.
        if let listen = try? installation.site.get().listen {
            route = ["--connect-to", "::\(listen.address):\(listen.port)"]
        }
        if let authority = installation.choices.authority { route += ["--cacert", authority] }
        do {
            health = try SiteClient.ask("\(address)/health", route)
            distrust = nil
        } catch let failure as Failure where failure.status == 60 {
            route.append("--insecure")
            health = try SiteClient.ask("\(address)/health", route)
            distrust = failure.complaint
        }
        self.route = route
    }

    /// Sends a request.
    ///
    /// - Throws: `Failure`; `Skipped`.
    func ask(_ method: String, _ path: String, _ arguments: [String] = []) throws
        -> Response
    {
        try SiteClient.ask("\(address)\(path)", route + ["--request", method] + arguments)
    }

    /// Sends a request to an address of plain http.
    static func askPlainly(_ url: String, at listen: NginxListen) throws -> Response {
        try ask(url, ["--connect-to", "::\(listen.address):\(listen.port)"])
    }

    private static func ask(_ url: String, _ arguments: [String]) throws -> Response {
        let common = [
            // No ~/.curlrc, and no proxy that the environment names.
            "--disable", "--noproxy", "*", "--silent", "--show-error", "--include", "--http1.1",
            "--max-time", "10", "--user-agent", "gatehouse doctor",
        ]
        let outcome = try ChildProcess.run("curl", common + arguments + ["--", url])
        guard outcome.status == 0 else {
            let lines = outcome.complaints.split(separator: "\n")
            throw Failure(status: outcome.status, complaint: String(lines.first ?? "").escaped)
        }
        guard let answer = Response(outcome.output) else { throw Skipped("\(url) answers no HTTP") }
        return answer
    }
}

extension String {
    /// The text with line feeds alone, as HTTP's lines end with two characters.
    fileprivate var replacingLineBreaks: String {
        String(decoding: utf8.filter { $0 != 0x0D }, as: UTF8.self)
    }
}

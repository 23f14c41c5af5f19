import Settings

/// Sends requests to the site through nginx on this machine, as a browser would, with curl(1).
struct SiteClient {
    /// The error thrown if curl receives no response.
    struct Failure: Error {
        /// curl's exit status; see EXIT CODES in curl(1).
        let status: Int32
        let message: String
        /// Whether there was no response in time, although a connection was made.
        var isTimeout: Bool { status == 28 && message.contains("Operation timed out") }
        /// Whether a connection was made, but TLS failed on that connection.
        var isOfTLS: Bool { [35, 51, 58, 59, 60, 66, 77, 83].contains(status) }
    }

    let address: WebAddress
    private let options: [String]
    /// The reason why the site's certificate is not trusted; nil if it is trusted.
    let distrust: String?
    /// The response to `GET /health`.
    let health: HTTPResponse

    /// Creates a client and requests `/health`.
    ///
    /// - Throws: `Failure` if there is no response; `Skipped` if no request can be sent.
    init(of installation: Installation) throws {
        address = try installation.webAddress
        var options: [String] = []
        // curl must connect to nginx on this machine, whatever DNS says, because the site's name in
        // DNS may lead to a proxy.
        if let listen = try? installation.site.get().listen {
            options = SiteClient.connection(to: listen)
        }
        if let authority = installation.choices.authority { options += ["--cacert", authority] }
        do {
            health = try SiteClient.send("\(address)/health", options)
            distrust = nil
        } catch let failure as Failure where failure.status == 60 {
            // Status 60 means that the certificate is not trusted. This client then no longer
            // verifies the certificate, so that the other checks can go on.
            options.append("--insecure")
            health = try SiteClient.send("\(address)/health", options)
            distrust = failure.message
        }
        self.options = options
    }

    /// Sends a request to a path of the site.
    ///
    /// - Throws: `Failure` if there is no response; `Skipped` if curl cannot run or the response
    ///   is not HTTP.
    func send(
        _ method: String, _ path: String, _ arguments: [String] = []
    ) throws -> HTTPResponse {
        try SiteClient.send("\(address)\(path)", options + ["--request", method] + arguments)
    }

    /// Sends a GET request over http, without TLS.
    static func sendPlain(_ url: String, to listen: NginxListen) throws -> HTTPResponse {
        try send(url, connection(to: listen))
    }

    private static func connection(to listen: NginxListen) -> [String] {
        ["--connect-to", "::\(listen.address):\(listen.port)"]
            + (listen.hasProxyProtocol ? ["--haproxy-protocol"] : [])
    }

    private static func send(_ url: String, _ arguments: [String]) throws -> HTTPResponse {
        let common = [
            // --disable ignores ~/.curlrc, and --noproxy ignores proxies set in the environment.
            "--disable", "--noproxy", "*", "--silent", "--show-error", "--include", "--http1.1",
            "--max-time", "10", "--connect-timeout", "5", "--user-agent", "gatehouse doctor",
        ]
        let outcome = try ChildProcess.run("curl", common + arguments + ["--", url])
        guard outcome.status == 0 else {
            let lines = outcome.errors.split(separator: "\n")
            throw Failure(status: outcome.status, message: String(lines.first ?? "").escaped)
        }
        guard let response = HTTPResponse(outcome.output) else {
            throw Skipped("the response of \(url) is not HTTP")
        }
        return response
    }
}

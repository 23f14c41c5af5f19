import FastCGI
import Glibc
import HTTPTypes
import Lanes

/// A server on a socket of its own, for as long as a test needs it.
final class Running: Sendable {
    private let server: FastCGIServer
    private let path: String
    private let isDrained = Monitor(false)
    let clients = Monitor(0)
    let failures = Monitor(0)

    init(
        workers: Int = 2, patience: Duration = .seconds(5), handler: @escaping FastCGIServer.Handler
    ) throws {
        path = "/tmp/fastcgi-test-\(UInt64.random(in: .min ... .max)).sock"
        var configuration = FastCGIServer.Configuration()
        configuration.workers = workers
        configuration.patience = patience
        server = try FastCGIServer(
            listener: FastCGIListener(unixPath: path), configuration: configuration,
            handler: handler)
        try server.start()
    }

    deinit {
        drain()
        unlink(path)
    }

    func connect() throws -> WebServer {
        guard let client = WebServer(path: path) else {
            throw FastCGITestError(message: "connect: \(errno)")
        }
        return client
    }

    var beats: [Int] { server.beats }

    func drain() {
        let isFirst = isDrained.withLock { isDrained in
            defer { isDrained = true }
            return !isDrained
        }
        if isFirst { server.drain() }
    }
}

struct FastCGITestError: Error { let message: String }

extension FastCGIResponse {
    static func text(_ text: String) -> FastCGIResponse {
        FastCGIResponse(
            head: HTTPResponse(status: .ok, headerFields: [.contentType: "text/plain"]),
            body: Array(text.utf8))
    }
}

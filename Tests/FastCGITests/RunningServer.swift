import FastCGI
import Glibc
import HTTPTypes
import Threads

/// A server on a temporary socket, which drains when it is released.
final class RunningServer: Sendable {
    private let server: FastCGIServer
    private let path: String
    private let isDrained = Guarded(false)
    let clients = Guarded(0)
    let failures = Guarded(0)

    init(
        workers: Int = 2, timeout: Duration = .seconds(5), sendTimeout: Duration = .seconds(5),
        longSendTimeout: Duration = .seconds(60), handler: @escaping FastCGIServer.Handler
    ) throws {
        path = "/tmp/fastcgi-test-\(UInt64.random(in: .min ... .max)).sock"
        var configuration = FastCGIServer.Configuration()
        configuration.workers = workers
        configuration.timeout = timeout
        configuration.sendTimeout = sendTimeout
        configuration.longSendTimeout = longSendTimeout
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

    var heartbeats: [Int] { server.heartbeats }

    func drain() {
        let isFirst = isDrained.withLock { isDrained in
            defer { isDrained = true }
            return !isDrained
        }
        if isFirst { server.drain() }
    }
}

extension FastCGIResponse {
    static func text(_ text: String) -> FastCGIResponse {
        FastCGIResponse(
            head: HTTPResponse(status: .ok, headerFields: [.contentType: "text/plain"]),
            body: Array(text.utf8))
    }
}

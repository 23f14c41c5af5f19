import FastCGI
import Identity

/// One row of the contract: a method, a path, who may call, and what is called.
struct Route: Sendable, CustomStringConvertible {
    /// Who may call an endpoint, with the endpoint: a route without an access does not compile.
    enum Access: Sendable {
        /// Anyone.
        case open(@Sendable (RequestContext) async throws -> Response)
        /// Whoever presents an access token of a live session.
        case signedIn(@Sendable (RequestContext, Caller) async throws -> Response)
        /// Whoever is signed in and has the role now, whatever the token says.
        case role(Role, @Sendable (RequestContext, Caller) async throws -> Response)
    }

    let method: String
    /// The path, or all of it before the id where it ends in `:id`.
    let path: String
    let hasID: Bool
    let access: Access

    init(_ method: String, _ path: String, _ access: Access) {
        self.method = method
        self.access = access
        hasID = path.hasSuffix(":id")
        self.path = hasID ? String(path.dropLast(3)) : path
    }

    /// The row's method and path.
    var description: String { "\(method) \(path)\(hasID ? ":id" : "")" }

    /// Whether this is the one route that tells a removed account so.
    var isWhoAmI: Bool { path == "/api/auth/me" }

    /// Whether this is the one route that sets cookies without having been sent one.
    var isLogin: Bool { path == "/api/auth/login" }

    /// The route of a request by its place in the table, and the id in its path, not yet decoded.
    ///
    /// - Throws: `APIError.routeNotFound` or `methodNotAllowed`.
    static func match(
        _ request: FastCGIRequest, in routes: [Route]
    ) throws -> (number: Int, route: Route, id: Substring?) {
        let path = request.path
        let method = request.method
        // RFC 9110, section 9.3.2: HEAD is GET without the content.
        let wanted = method == "HEAD" ? "GET" : method
        var allowed: [String] = []
        for (number, route) in routes.enumerated() {
            guard let id = route.match(path) else { continue }
            if route.method == wanted { return (number, route, id) }
            allowed.append(route.method)
        }
        guard !allowed.isEmpty else { throw APIError.routeNotFound(target: request.target) }
        throw APIError.methodNotAllowed(allowed: allowed)
    }

    /// The id in a path, empty where the route has none; `nil` when the path is another.
    private func match(_ path: Substring) -> Substring? {
        // By bytes: `String.==` normalises, in a time quadratic in a run of combining marks.
        let given = path.utf8.span
        let own = self.path.utf8.span
        guard hasID ? given.count > own.count : given.count == own.count else { return nil }
        for index in own.indices where given[index] != own[index] { return nil }
        for index in own.count..<given.count where given[index] == UInt8(ascii: "/") { return nil }
        return path[path.utf8.index(path.startIndex, offsetBy: own.count)...]
    }
}

extension FastCGIRequest {
    /// The target without its query and without one slash at the end, as it was sent.
    var path: Substring {
        let target = target
        let bytes = target.utf8.span
        var end = 0
        while end < bytes.count, bytes[end] != UInt8(ascii: "?") { end += 1 }
        if end > 1, bytes[end - 1] == UInt8(ascii: "/") { end -= 1 }
        return target[..<target.utf8.index(target.startIndex, offsetBy: end)]
    }
}

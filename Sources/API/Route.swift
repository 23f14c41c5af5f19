import FastCGI
import Identity

/// One row of the route table: a method, a path, the required access, and the endpoint.
struct Route: Sendable, CustomStringConvertible {
    /// The access that a route requires, together with its endpoint.
    ///
    /// A route that does not state the required access does not compile.
    enum Access: Sendable {
        /// Any client may call the endpoint.
        case open(@Sendable (RequestContext) async throws -> Response)
        /// Any client may call the endpoint, which also gets the caller, or `nil` if the client is
        /// not signed in.
        case optional(@Sendable (RequestContext, Caller?) async throws -> Response)
        /// The client must present an access token of a live session.
        case signedIn(@Sendable (RequestContext, Caller) async throws -> Response)
        /// The client must also be signed in to an account that currently has the role.
        ///
        /// The role in the access token does not count.
        case role(Role, @Sendable (RequestContext, Caller) async throws -> Response)
        /// The caller must also have signed in with the password recently
        /// (`Sessions.recentSignInLifetime`).
        ///
        /// The role is required as for `role`; `nil` means any role.
        case recent(Role?, @Sendable (RequestContext, Caller) async throws -> Response)
    }

    let method: String
    /// The path, without `:id` if the route ends in it.
    let path: String
    let hasID: Bool
    let access: Access

    init(_ method: String, _ path: String, _ access: Access) {
        self.method = method
        self.access = access
        hasID = path.hasSuffix(":id")
        self.path = hasID ? String(path.dropLast(3)) : path
    }

    /// The method and the path, such as `GET /api/people/:id`.
    var description: String { "\(method) \(path)\(hasID ? ":id" : "")" }

    /// True for the only route that reports to a client that its account was removed.
    var isWhoAmI: Bool { path == "/api/auth/me" }

    /// True if any client may use the route.
    var isOpen: Bool {
        switch access {
        case .open, .optional: true
        case .signedIn, .role, .recent: false
        }
    }

    /// Finds the route of a request, its index in the table, and the ID in the path, not decoded.
    ///
    /// - Throws: `APIError.routeNotFound` or `methodNotAllowed`.
    static func match(
        _ request: FastCGIRequest, in routes: [Route]
    ) throws -> (number: Int, route: Route, id: Substring?) {
        let path = request.path
        let method = request.method
        // HEAD uses the route of GET, because HEAD is GET without the content (RFC 9110,
        // section 9.3.2).
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

    /// The ID in a path; empty if the route has no ID, and `nil` if the path does not match the
    /// route.
    private func match(_ path: Substring) -> Substring? {
        // Compare bytes. `String.==` would normalize the path, which takes quadratic time for many
        // combining marks.
        let given = path.utf8.span
        let own = self.path.utf8.span
        guard hasID ? given.count > own.count : given.count == own.count else { return nil }
        for index in own.indices where given[index] != own[index] { return nil }
        for index in own.count..<given.count where given[index] == UInt8(ascii: "/") { return nil }
        return path[path.utf8.index(path.startIndex, offsetBy: own.count)...]
    }
}

extension FastCGIRequest {
    /// The target without its query and without one trailing slash, not percent-decoded.
    var path: Substring {
        let target = target
        let bytes = target.utf8.span
        var end = 0
        while end < bytes.count, bytes[end] != UInt8(ascii: "?") { end += 1 }
        if end > 1, bytes[end - 1] == UInt8(ascii: "/") { end -= 1 }
        return target[..<target.utf8.index(target.startIndex, offsetBy: end)]
    }
}

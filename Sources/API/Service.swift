public import Directory
public import FastCGI
import HTTPTypes
public import Identity
public import Logging

/// The HTTP API, which turns each request into exactly one response.
///
/// `respond` performs all steps, in this order: it reads the body, matches the route, refuses
/// requests from pages of other origins, checks the access, calls the endpoint, turns errors into
/// responses, and logs.
public struct Service: Sendable {
    let routes: [Route]
    /// The number of requests by route and status, and their durations.
    public let requests: RequestCounts
    private let sessions: Sessions
    private let protection: CrossOriginProtection
    private let cookies: Cookies
    private let refusalLimit = RefusalLimit()
    private let refusalDelay: RefusalDelay
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger

    /// Creates the service that handles the requests of the API.
    ///
    /// - Parameters:
    ///   - accounts: The domain rules for accounts, such as signup and administration.
    ///   - sessions: The domain rules for sessions, such as login and refresh.
    ///   - directory: The store of the people in the directory.
    ///   - limits: The limits of what clients can do to the people.
    ///   - allowedOrigins: Other origins whose pages may use the cookies. Each origin is written as
    ///     browsers send it in `Origin`.
    ///   - isStrict: If true, tokens are sent and accepted only in cookies with prefixed names. If
    ///     false, bodies and `Authorization` may carry tokens too, as in the HTTP contract (the
    ///     recorded API of the Express backend).
    ///   - options: The features and the look of the site.
    ///   - refusalDelay: How long a refused login waits before it is answered.
    ///   - environment: The name of the environment, which `/health` reports.
    ///   - check: A function that throws if the store cannot be read or written.
    ///   - clock: A function that returns the current time.
    ///   - logger: The logger for internal errors and, at level `debug`, for every request.
    public init(
        accounts: Accounts, sessions: Sessions, directory: any DirectoryStore,
        limits: PeopleLimits = PeopleLimits(), allowedOrigins: Set<String>, isStrict: Bool = false,
        options: SiteOptions = SiteOptions(), refusalDelay: Duration = .zero, environment: String,
        check: @escaping @Sendable () async throws -> Void,
        clock: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        routes = Route.table(
            accounts: accounts, sessions: sessions, directory: directory, limits: limits,
            health: HealthEndpoint(environment: environment, check: check, logger: logger),
            options: options)
        requests = RequestCounts(routes: routes)
        self.refusalDelay = RefusalDelay(refusalDelay)
        self.sessions = sessions
        cookies = isStrict ? .strict : .contract
        protection = CrossOriginProtection(allowedOrigins: allowedOrigins)
        self.clock = clock
        self.logger = logger
    }

    /// The 503 response that is sent when the server has no resources left to read a request.
    public static let busy = APIError.auth(.busy).response.fastCGIResponse

    /// Responds to a request; errors become responses too, so nothing is thrown.
    public func respond(to request: FastCGIRequest) async -> FastCGIResponse {
        let begin = RequestCounts.begin
        var number: Int?
        let response: Response
        var isRefusedPassword = false
        do {
            response = try await self.response(to: request, on: &number)
        } catch let error as APIError {
            response = error.response
        } catch let error as AuthError {
            response = APIError.auth(error).response
            isRefusedPassword = error.isRefusedPassword
        } catch let error as DirectoryError {
            response = APIError.directory(error).response
        } catch let error as any StoreError where error.isLackOfResources {
            response = lackOfResources(error, in: request)
        } catch {
            response = internalError(error, in: request)
        }
        requests.record(route: number, status: response.status.code, since: begin)
        logger.debug("answered", metadata: metadata(of: request, status: response.status.code))
        // The recorded duration does not include this delay, in which the server only waits.
        if isRefusedPassword {
            let client = Client(address: request.remoteAddress, device: "")
            await refusalDelay.wait(for: client.widestNetwork)
        }
        var sent = response.fastCGIResponse
        if let rest = sent.rest {
            sent.rest = rest.onError { log($0, in: request) }
        }
        return sent
    }

    /// Answers the waiting refused logins at once, and ends the delay for later ones.
    ///
    /// Call this before stopping the server, which waits until all requests are answered.
    public func endRefusalDelays() { refusalDelay.end() }

    private func response(
        to request: FastCGIRequest, on number: inout Int?
    ) async throws -> Response {
        // In the HTTP contract (the recorded API of the Express backend), the response to a
        // malformed body is 400 on every path. So read the body before looking up the route.
        let body = try RequestBody(of: request)
        let (matched, route, id) = try Route.match(request, in: routes)
        number = matched
        let context = RequestContext(
            request: request, body: body, id: id, now: clock(), cookies: cookies)
        try protection.check(context, on: route)

        switch route.access {
        case .open(let endpoint):
            return try await endpoint(context)
        case .optional(let endpoint):
            return try await endpoint(context, try await callerIfSignedIn(of: context, on: route))
        case .signedIn(let endpoint):
            return try await endpoint(context, try await caller(of: context, on: route))
        case .role(let role, let endpoint):
            return try await response(of: endpoint, to: context, on: route, requiring: role)
        case .recent(let role, let endpoint):
            return try await response(
                of: endpoint, to: context, on: route, requiring: role, isRecentRequired: true)
        }
    }

    /// Calls an endpoint if the caller has the required role, if any, and has signed in recently
    /// enough, if that is required.
    ///
    /// A refusal is recorded as an event, whether it comes from here or from the endpoint.
    private func response(
        of endpoint: @Sendable (RequestContext, Caller) async throws -> Response,
        to context: RequestContext, on route: Route, requiring role: Role?,
        isRecentRequired: Bool = false
    ) async throws -> Response {
        let caller = try await caller(of: context, on: route)
        do {
            guard role == nil || caller.account.role == role else {
                throw AuthError.insufficientRole
            }
            if isRecentRequired {
                guard try await sessions.hasSignedInRecently(caller, at: context.now) else {
                    throw AuthError.recentSignInRequired
                }
            }
            return try await endpoint(context, caller)
        } catch let error as AuthError where error.isRefusedAction {
            await record(error, of: caller, in: context, on: route)
            throw error
        }
    }

    /// Records an event: the caller is not allowed to do what the request asks for.
    private func record(
        _ refusal: AuthError, of caller: Caller, in context: RequestContext, on route: Route
    ) async {
        guard refusalLimit.allows(caller.account.id, at: context.now) else { return }
        let number = context.number.map { "\($0)" } ?? ""
        do {
            try await sessions.recordRefusal(
                of: "\(route.method) \(route.path)\(number): \(refusal)", to: caller,
                from: context.client, at: context.now)
        } catch {
            // Only log the error, because the request is refused even if no event is recorded.
            logger.error("refusal not recorded", metadata: ["error": "\(error)"])
        }
    }

    @inline(__always)  // Inlining saves 100 instructions, the cost of an asynchronous call.
    private func caller(of context: RequestContext, on route: Route) async throws -> Caller {
        do {
            if let token = context.accessCookie {
                do {
                    return try await self.caller(ofCookie: token, in: context)
                } catch AuthError.expiredAccessToken {
                    // The token expires on a whole second, but its cookie expires `Max-Age` seconds
                    // after the browser received it. So a browser can send an expired token for up
                    // to one second. Continue as if the cookie had expired too. Without another
                    // token, the response is then 401, after which clients refresh. After a 403,
                    // clients would give up.
                }
            }
            guard let token = context.bearerToken else { throw APIError.accessTokenRequired }
            return try await sessions.resume(
                accessToken: token, from: context.client, at: context.now)
        } catch AuthError.accountNotFound where !route.isWhoAmI {
            // The token of a removed account is reported as invalid. Only `/api/auth/me` reports
            // that the account was not found.
            throw AuthError.invalidAccessToken
        }
    }

    /// The caller, or nil if the request has no access token that is accepted.
    private func callerIfSignedIn(
        of context: RequestContext, on route: Route
    ) async throws -> Caller? {
        do {
            return try await caller(of: context, on: route)
        } catch APIError.accessTokenRequired {
            return nil
        } catch AuthError.invalidAccessToken, AuthError.expiredAccessToken {
            return nil
        }
    }

    /// Identifies the caller by the access token's cookie.
    ///
    /// If there are several cookies of that name, the first one with a valid token counts.
    @inline(__always)
    private func caller(
        ofCookie token: String, in context: RequestContext
    ) async throws -> Caller {
        do {
            return try await sessions.resume(
                accessToken: token, isOnlyToken: !context.hasSeveralAccessCookies,
                from: context.client, at: context.now)
        } catch is AuthError where context.hasSeveralAccessCookies {
            // Another application in the same domain may have set the first cookie. Servers should
            // not rely on the order of cookies (RFC 6265, section 4.2.2).
            return try await sessions.resume(
                accessTokens: context.accessCookies, from: context.client, at: context.now)
        }
    }

    private func internalError(_ error: any Error, in request: FastCGIRequest) -> Response {
        log(error, in: request)
        return APIError.internalError(requestID: request.requestID).response
    }

    private func log(_ error: any Error, in request: FastCGIRequest) {
        var metadata = metadata(of: request, status: 500)
        metadata["error"] = "\(error)"
        logger.error("request failed", metadata: metadata)
    }

    /// The response if memory, disk space or file descriptors are exhausted: the client can retry.
    private func lackOfResources(_ error: any Error, in request: FastCGIRequest) -> Response {
        var metadata = metadata(of: request, status: 503)
        metadata["error"] = "\(error)"
        logger.error("request refused, because a resource is exhausted", metadata: metadata)
        return APIError.auth(.busy).response
    }

    /// The log metadata that describes a request.
    ///
    /// It contains the route, but never the path, the query or a header field, because a client can
    /// put any text into these.
    private func metadata(of request: FastCGIRequest, status: Int) -> Logger.Metadata {
        let route = try? Route.match(request, in: routes).route
        return [
            "request": "\(request.requestID)", "status": "\(status)",
            "route": "\(route?.description ?? "none")",
        ]
    }
}

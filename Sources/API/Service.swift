public import Directory
public import FastCGI
import HTTPTypes
public import Identity
public import Logging

/// The HTTP contract: a request comes in, one answer goes out, whatever happens.
///
/// The whole way of a request is `respond`: match the route, refuse pages of other origins,
/// check the access, call the endpoint, turn what was thrown into an answer, log.
public struct Service: Sendable {
    let routes: [Route]
    /// How many requests were answered how, and how fast.
    public let requests: RequestCounts
    private let sessions: Sessions
    private let protection: CrossOriginProtection
    private let cookies: Cookies
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - accounts: The rules of accounts.
    ///   - sessions: The rules of sessions.
    ///   - people: The rules of people.
    ///   - allowedOrigins: Other origins whose pages may act with the cookies, as browsers send them
    ///     in `Origin`.
    ///   - isStrict: Whether tokens travel in cookies with prefixed names and nowhere else, where the
    ///     contract has bodies and `Authorization` too.
    ///   - environment: What `/health` calls the place where this runs.
    ///   - check: Throws where the store cannot be read or written.
    ///   - clock: Says what time it is.
    ///   - logger: Where faults are told, and requests at level `debug`.
    public init(
        accounts: Accounts, sessions: Sessions, people: People,
        allowedOrigins: Set<String>, isStrict: Bool = false, environment: String,
        check: @escaping @Sendable () async throws -> Void,
        clock: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        routes = Route.table(
            auth: AuthEndpoints(accounts: accounts, sessions: sessions),
            sessions: SessionEndpoints(accounts: accounts),
            users: UserEndpoints(accounts: accounts),
            people: PeopleEndpoints(people: people),
            health: HealthEndpoint(environment: environment, check: check, logger: logger))
        requests = RequestCounts(routes: routes)
        self.sessions = sessions
        cookies = isStrict ? .strict : .contract
        protection = CrossOriginProtection(allowedOrigins: allowedOrigins)
        self.clock = clock
        self.logger = logger
    }

    /// The answer to who comes when there is no room to look at the request.
    public static let busy = APIError.refused(.busy).answer.response

    /// Answers a request; nothing is thrown, since what goes wrong is an answer too.
    public func respond(to request: FastCGIRequest) async -> FastCGIResponse {
        let begin = RequestCounts.begin
        var number: Int?
        let answer: Response
        do {
            answer = try await self.answer(to: request, on: &number)
        } catch let problem as APIError {
            answer = problem.answer
        } catch let refusal as AuthError {
            answer = APIError.refused(refusal).answer
        } catch let error as DirectoryError {
            answer = APIError.directory(error).answer
        } catch {
            answer = fault(error, in: request)
        }
        requests.record(route: number, status: answer.status.code, since: begin)
        logger.debug("answered", metadata: metadata(of: request, status: answer.status.code))
        return answer.response
    }

    private func answer(
        to request: FastCGIRequest, on number: inout Int?
    ) async throws -> Response {
        // The body before the route, as the contract has it: what cannot be read is a 400 anywhere.
        let body = try RequestBody(of: request)
        let (matched, route, id) = try Route.match(request, in: routes)
        number = matched
        let call = RequestContext(
            request: request, body: body, id: id, now: clock(), cookies: cookies)
        try protection.check(call, on: route)

        switch route.access {
        case .open(let endpoint):
            return try await endpoint(call)
        case .signedIn(let endpoint):
            return try await endpoint(call, try await caller(of: call, on: route))
        case .role(let role, let endpoint):
            let caller = try await caller(of: call, on: route)
            guard caller.account.role == role else { throw AuthError.insufficientRole }
            return try await endpoint(call, caller)
        }
    }

    private func caller(of call: RequestContext, on route: Route) async throws -> Caller {
        if let token = call.accessCookie {
            // A token expires on a whole second, its cookie `Max-Age` after it arrived, so a
            // browser still sends it for up to a second. It is treated as if the cookie had
            // expired too: the answer is 401, on which clients refresh; on 403 they give up.
            do { return try await caller(with: token, of: call, on: route) } catch AuthError
                .expiredAccessToken
            {}
        }
        guard let token = call.bearerToken else { throw APIError.accessTokenRequired }
        return try await caller(with: token, of: call, on: route)
    }

    private func caller(
        with token: String, of call: RequestContext, on route: Route
    ) async throws -> Caller {
        do {
            return try await sessions.resume(
                accessToken: token, from: call.client, at: call.now)
        } catch AuthError.accountNotFound where !route.isWhoAmI {
            // The token of an account that was removed is no longer good. Only "who am I" says why.
            throw AuthError.invalidAccessToken
        }
    }

    private func fault(_ error: any Error, in request: FastCGIRequest) -> Response {
        var metadata = metadata(of: request, status: 500)
        metadata["error"] = "\(error)"
        logger.error("request failed", metadata: metadata)
        return APIError.fault(requestID: request.id).answer
    }

    /// What a log line says of a request: its route, never the path, the query or a field, all of
    /// which are the client's to write.
    private func metadata(of request: FastCGIRequest, status: Int) -> Logger.Metadata {
        let route = try? Route.match(request, in: routes).route
        return [
            "request": "\(request.id)", "status": "\(status)",
            "route": "\(route?.description ?? "none")",
        ]
    }
}

extension FastCGIRequest {
    /// The number that the web server gave the request, to find it again in both logs.
    fileprivate var id: String { parameters["REQUEST_ID"] ?? "-" }
}

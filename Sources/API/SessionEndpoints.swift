import HTTPTypes
import Identity
import JSON

/// The endpoints of `/api/auth/sessions`, which list and end the sessions of the caller's account.
struct SessionEndpoints: Sendable {
    let accounts: Accounts

    func list(_ context: RequestContext, _ caller: Caller) async throws -> Response {
        let sessions = try await accounts.sessions(of: caller.account.id, at: context.now)
        var json = JSONWriter(capacity: 256 * (sessions.count + 1))
        json.append("[")
        for session in sessions {
            if json.bytes.count > 1 { json.append(",") }
            json.append(session, isCurrent: session.id == caller.sessionID)
        }
        json.append("]")
        return Response(.ok, json)
    }

    func end(_ context: RequestContext, _ caller: Caller) async throws -> Response {
        guard let id = context.number else { throw AuthError.sessionNotFound }
        try await accounts.endSession(
            id, of: caller.account.id, by: .owner, from: context.client, at: context.now)
        var response = Response(.noContent)
        if id == caller.sessionID { response.cookies = context.cookies.cleared }
        return response
    }
}

extension JSONWriter {
    fileprivate mutating func append(_ session: Session, isCurrent: Bool) {
        // The ID is written as a string, because JavaScript reads integers exactly only up to 2^53.
        append(#"{"id":"#)
        append(string: String(session.id))
        append(#","created":"#)
        append(string: session.startedAt.iso8601)
        append(#","lastSeen":"#)
        append(string: session.seenAt.iso8601)
        append(#","address":"#)
        append(string: session.client.address)
        append(#","device":"#)
        append(string: session.client.device)
        append(isCurrent ? #","current":true}"# : #","current":false}"#)
    }
}

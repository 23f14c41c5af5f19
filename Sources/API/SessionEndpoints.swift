import HTTPTypes
import Identity
import JSON

/// `/api/auth/sessions`: where an account is signed in.
struct SessionEndpoints: Sendable {
    let accounts: Accounts

    func list(_ call: RequestContext, _ caller: Caller) async throws -> Response {
        let sessions = try await accounts.sessions(of: caller.account.id, at: call.now)
        var json = JSONWriter(capacity: 256 * (sessions.count + 1))
        json.append("[")
        for session in sessions {
            if json.bytes.count > 1 { json.append(",") }
            json.append(session, isCurrent: session.id == caller.sessionID)
        }
        json.append("]")
        return Response(.ok, json)
    }

    func end(_ call: RequestContext, _ caller: Caller) async throws -> Response {
        guard let id = call.number else { throw AuthError.sessionNotFound }
        try await accounts.endSession(
            id, of: caller.account.id, by: .owner, from: call.client, at: call.now)
        var answer = Response(.noContent)
        if id == caller.sessionID { answer.cookies = call.cookies.cleared }
        return answer
    }
}

extension JSONWriter {
    fileprivate mutating func append(_ session: Session, isCurrent: Bool) {
        // A string, for JavaScript reads numbers exactly up to 2^53 only.
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

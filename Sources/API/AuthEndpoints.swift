import HTTPTypes
import Identity
import JSON

/// `/api/auth`: signing up, logging in and out, who am I.
struct AuthEndpoints: Sendable {
    let accounts: Accounts
    let sessions: Sessions

    func signUp(_ call: Call) async throws -> Answer {
        var validation = Validation(of: call.body)
        let email = validation.required(
            "email", missing: "Email is required", rules: accounts.violations(ofEmail:))
        let password = validation.required(
            "password", missing: "Password is required", rules: accounts.violations(ofPassword:))
        try validation.finish()
        try await accounts.add(
            email: email, password: password, by: .stranger, from: call.client, now: call.now)
        return .message(.created, "User is created")
    }

    func logIn(_ call: Call) async throws -> Answer {
        var validation = Validation(of: call.body)
        let username = validation.required("username", rules: Self.username.violations)
        let password = validation.required("password", rules: Self.password.violations)
        try validation.finish()
        let tokens = try await sessions.logIn(
            username: username, password: password, from: call.client, at: call.now)
        return .tokens(tokens, at: call.now)
    }

    func refresh(_ call: Call) async throws -> Answer {
        guard let token = call.refreshToken else { throw Problem.refreshTokenRequired }
        let tokens = try await sessions.refresh(
            refreshToken: token, by: call.presenter, from: call.client, at: call.now)
        return .tokens(tokens, at: call.now)
    }

    func logOut(_ call: Call, _ caller: Caller) async throws -> Answer {
        try await sessions.logOut(caller, from: call.client, at: call.now)
        var answer = Answer.message(.ok, "You are successfully logged out")
        answer.cookies = Cookies.cleared
        return answer
    }

    func me(_ call: Call, _ caller: Caller) async throws -> Answer {
        var json = JSONWriter(capacity: 128)
        json.append(#"{"username":"#)
        json.append(string: caller.account.email)
        json.append(#","role":"#)
        json.append(string: caller.account.role.rawValue)
        json.append("}")
        return Answer(.ok, json)
    }

    private static let username = TextRule(field: "username", maximum: 100)
    private static let password = TextRule(field: "password", maximum: 70)
}

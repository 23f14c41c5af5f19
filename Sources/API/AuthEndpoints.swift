import HTTPTypes
import Identity
import JSON

/// `/api/auth`: signing up, logging in and out, another password, who am I.
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
            refreshToken: token, by: try call.presenter, from: call.client, at: call.now)
        return .tokens(tokens, for: token, at: call.now)
    }

    func logOut(_ call: Call, _ caller: Caller) async throws -> Answer {
        var query = Query(of: call.request)
        let everywhere = query.flag("all")
        try query.finish()
        try await sessions.logOut(
            caller, everywhere: everywhere, from: call.client, at: call.now)
        return .loggedOut
    }

    /// For a client whose access token has expired.
    func logOutByRefreshToken(_ call: Call) async throws -> Answer {
        guard let token = call.refreshToken else { throw Problem.refreshTokenRequired }
        try await sessions.logOut(refreshToken: token, from: call.client, at: call.now)
        return .loggedOut
    }

    func changePassword(_ call: Call, _ caller: Caller) async throws -> Answer {
        var validation = Validation(of: call.body)
        let current = validation.required(
            "currentPassword", rules: Self.currentPassword.violations)
        let new = validation.required("newPassword") { password in
            // The rules know the field as signup has it.
            password.isEmpty
                ? Self.newPassword.violations(in: password)
                : accounts.violations(ofPassword: password)
        }
        try validation.finish()
        try await sessions.changePassword(
            of: caller, from: current, to: new, from: call.client, at: call.now)
        return .message(.ok, "Password is changed")
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
    private static let currentPassword = TextRule(field: "currentPassword", maximum: 70)
    private static let newPassword = TextRule(field: "newPassword", maximum: 70)
}

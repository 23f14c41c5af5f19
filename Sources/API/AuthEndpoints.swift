import HTTPTypes
import Identity
import JSON
import Text

/// `/api/auth`: signing up, logging in and out, another password, who am I, what is asked of passwords.
struct AuthEndpoints: Sendable {
    let accounts: Accounts
    let sessions: Sessions

    func signUp(_ call: RequestContext) async throws -> Response {
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

    func logIn(_ call: RequestContext) async throws -> Response {
        var validation = Validation(of: call.body)
        let username = validation.required("username", rules: Self.username.violations)
        let password = validation.required("password", rules: rule(of: "password").violations)
        try validation.finish()
        let tokens = try await sessions.logIn(
            username: username, password: password, from: call.client, at: call.now)
        return .tokens(tokens, in: call.cookies, at: call.now)
    }

    func refresh(_ call: RequestContext) async throws -> Response {
        guard let token = call.refreshToken else { throw APIError.refreshTokenRequired }
        let tokens = try await sessions.refresh(
            refreshToken: token, by: try call.presenter, from: call.client, at: call.now)
        return .tokens(tokens, in: call.cookies, for: token, at: call.now)
    }

    func logOut(_ call: RequestContext, _ caller: Caller) async throws -> Response {
        var query = Query(of: call.request)
        let everywhere = query.flag("all")
        try query.finish()
        try await sessions.logOut(
            caller, everywhere: everywhere, from: call.client, at: call.now)
        return .loggedOut(clearing: call.cookies)
    }

    /// For a client whose access token has expired.
    func logOutByRefreshToken(_ call: RequestContext) async throws -> Response {
        guard let token = call.refreshToken else { throw APIError.refreshTokenRequired }
        try await sessions.logOut(refreshToken: token, from: call.client, at: call.now)
        return .loggedOut(clearing: call.cookies)
    }

    func changePassword(_ call: RequestContext, _ caller: Caller) async throws -> Response {
        var validation = Validation(of: call.body)
        let current = validation.required(
            "currentPassword", rules: rule(of: "currentPassword").violations)
        let new = validation.required("newPassword") { password in
            // The rules know the field as signup has it.
            password.isEmpty
                ? rule(of: "newPassword").violations(in: password)
                : accounts.violations(ofPassword: password)
        }
        try validation.finish()
        try await sessions.changePassword(
            of: caller, from: current, to: new, from: call.client, at: call.now)
        return .message(.ok, "Password is changed")
    }

    func me(_ call: RequestContext, _ caller: Caller) async throws -> Response {
        var json = JSONWriter(capacity: 128)
        json.append(#"{"username":"#)
        json.append(string: caller.account.email)
        json.append(#","role":"#)
        json.append(string: caller.account.role.rawValue)
        json.append("}")
        return Response(.ok, json)
    }

    /// What a new password must be, for a page that says so before it is sent.
    func rules(_ call: RequestContext) async throws -> Response {
        let lengths = accounts.newPasswordLengths
        var json = JSONWriter(capacity: 128)
        json.append(#"{"password":{"minimum":"#)
        json.append(number: Int64(lengths.lowerBound))
        json.append(#","maximum":"#)
        json.append(number: Int64(lengths.upperBound))
        json.append(accounts.newPassword.isMixed ? #","mixed":true}}"# : #","mixed":false}}"#)
        return Response(.ok, json)
    }

    private static let username = TextRule(field: "username", maximum: 100)

    /// What can be an account's password, whenever it was set.
    private func rule(of field: String) -> TextRule {
        TextRule(field: field, maximum: accounts.longestPassword)
    }
}

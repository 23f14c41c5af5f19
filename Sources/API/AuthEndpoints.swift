import HTTPTypes
import Identity
import JSON
import Text

/// The endpoints of `/api/auth`, except those of `/api/auth/sessions`.
struct AuthEndpoints: Sendable {
    let accounts: Accounts
    let sessions: Sessions
    let options: SiteOptions

    func signUp(_ context: RequestContext) async throws -> Response {
        guard options.isSignupOpen else { throw APIError.signupClosed }
        var validation = Validation(of: context.body)
        let email = validation.required(
            "email", missing: "Email is required", rules: accounts.messages(forEmail:))
        let password = validation.required("password", missing: "Password is required") {
            accounts.messages(forPassword: $0, of: email)
        }
        try validation.finish()
        try await accounts.add(
            email: email, password: password, by: .stranger, from: context.client, now: context.now)
        return .message(.created, "User is created")
    }

    func logIn(_ context: RequestContext) async throws -> Response {
        var validation = Validation(of: context.body)
        let username = validation.required("username", rules: Self.username.messages)
        let password = validation.required("password", rules: rule(of: "password").messages)
        try validation.finish()
        let outcome = try await sessions.logIn(
            username: username, password: password,
            devices: context.deviceCookies, from: context.client, at: context.now)
        switch outcome {
        case .signedIn(let tokens, let device):
            var response = response(with: tokens, in: context)
            response.cookies.append(context.cookies.set(device: device, at: context.now))
            return response
        }
    }

    func refresh(_ context: RequestContext) async throws -> Response {
        if context.hasSeveralRefreshCookies {
            let (token, tokens) = try await sessions.refresh(
                refreshTokens: context.refreshCookies, by: try context.refreshClient,
                from: context.client, at: context.now)
            return response(with: tokens, for: token, in: context)
        }
        guard let token = context.refreshToken else { throw APIError.refreshTokenRequired }
        let tokens = try await sessions.refresh(
            refreshToken: token, by: try context.refreshClient, from: context.client,
            at: context.now)
        return response(with: tokens, for: token, in: context)
    }

    /// The response that gives tokens to the client.
    ///
    /// A browser that sent a form without JavaScript would show the body as a page, with both
    /// tokens. Such a browser gets the tokens only as cookies, and a redirect to the site's first
    /// page.
    private func response(
        with tokens: IssuedTokens, for presented: String? = nil, in context: RequestContext
    ) -> Response {
        guard context.request.isNavigation else {
            return .tokens(tokens, in: context.cookies, for: presented, at: context.now)
        }
        var response = Response(.seeOther)
        response.fields[.location] = "/"
        response.cookies = context.cookies.set(tokens, for: presented, at: context.now)
        return response
    }

    func logOut(_ context: RequestContext, _ caller: Caller) async throws -> Response {
        var query = Query(of: context.request)
        let everywhere = query.flag("all")
        try query.finish()
        // End the session of every valid access cookie. Otherwise an attacker who can set a cookie
        // for this host could make the logout end the attacker's session instead of the user's.
        let others =
            context.hasSeveralAccessCookies
            ? try await sessions.callers(
                of: context.accessCookies, from: context.client, at: context.now) : []
        try await sessions.logOut(
            caller, and: others, everywhere: everywhere, from: context.client, at: context.now)
        return .loggedOut(clearing: context.cookies)
    }

    /// Ends the session of a refresh token, for clients whose access token has expired.
    func logOutByRefreshToken(_ context: RequestContext) async throws -> Response {
        let cookies = context.refreshCookies
        guard let token = context.refreshToken else { throw APIError.refreshTokenRequired }
        try await sessions.logOut(
            refreshTokens: cookies.isEmpty ? [token] : cookies, from: context.client,
            at: context.now)
        return .loggedOut(clearing: context.cookies)
    }

    func changePassword(_ context: RequestContext, _ caller: Caller) async throws -> Response {
        var validation = Validation(of: context.body)
        let current = validation.required(
            "currentPassword", rules: rule(of: "currentPassword").messages)
        let new = validation.required("newPassword") { password in
            // For an empty password, the message from `accounts` would name the field `password`,
            // as in a signup.
            password.isEmpty
                ? rule(of: "newPassword").messages(for: password)
                : accounts.messages(forPassword: password, of: caller.account.email)
        }
        try validation.finish()
        let tokens = try await sessions.changePassword(
            of: caller, from: current, to: new, from: context.client, at: context.now)
        if context.request.isNavigation { return response(with: tokens, in: context) }
        return .message(
            .ok, "Password is changed", with: tokens, in: context.cookies, at: context.now)
    }

    func me(_ context: RequestContext, _ caller: Caller) async throws -> Response {
        var json = JSONWriter(capacity: 128)
        json.append(user: caller.account)
        return Response(.ok, json)
    }

    /// Responds with who is signed in, and whether the client has a refresh token to try.
    ///
    /// If no one is signed in, the response is not an error. A page can therefore send this request
    /// whenever it loads, without an error in the browser's console.
    func status(_ context: RequestContext, _ caller: Caller?) async throws -> Response {
        var json = JSONWriter(capacity: 128)
        json.append(#"{"user":"#)
        if let caller { json.append(user: caller.account) } else { json.append("null") }
        json.append(
            context.refreshCookies.isEmpty ? #","canRefresh":false}"# : #","canRefresh":true}"#)
        return Response(.ok, json)
    }

    /// Responds with the rules for new passwords, so that a client can show them in its form.
    func rules(_ context: RequestContext) async throws -> Response {
        let lengths = accounts.newPasswordLengths
        var json = JSONWriter(capacity: 128)
        json.append(#"{"password":{"minimum":"#)
        json.append(number: Int64(lengths.lowerBound))
        json.append(#","maximum":"#)
        json.append(number: Int64(lengths.upperBound))
        json.append(accounts.newPassword.isMixed ? #","mixed":true}}"# : #","mixed":false}}"#)
        return Response(.ok, json)
    }

    /// Responds with the site's name, look and available features.
    ///
    /// A page can thus leave out links to features that the site does not offer.
    func siteOptions(_ context: RequestContext) async throws -> Response {
        var json = JSONWriter(capacity: 256)
        json.append(options.isSignupOpen ? #"{"signup":"open""# : #"{"signup":"closed""#)
        json.append(options.hasPeople ? #","people":true"# : #","people":false"#)
        if let name = options.name {
            json.append(#","name":"#)
            json.append(string: name)
        }
        if let logo = options.logo {
            json.append(#","logo":"#)
            json.append(string: logo)
        }
        if let color = options.color {
            json.append(#","color":"#)
            json.append(string: color)
        }
        if let help = options.passwordHelp {
            json.append(#","passwordHelp":{"text":"#)
            json.append(string: help.text)
            if let address = help.address {
                json.append(#","address":"#)
                json.append(string: address)
            }
            json.append("}")
        }
        json.append("}")
        return Response(.ok, json)
    }

    private static let username = TextRule(field: "username", maximum: 100)

    /// The rule for a field that may contain any password that an account can have.
    ///
    /// The rule for new passwords would be too strict, because an existing password may have been
    /// set under another rule.
    private func rule(of field: String) -> TextRule {
        TextRule(field: field, maximum: accounts.longestPassword)
    }
}

extension JSONWriter {
    fileprivate mutating func append(user account: Account) {
        append(#"{"username":"#)
        append(string: account.email)
        append(#","role":"#)
        append(string: account.role.rawValue)
        append("}")
    }
}

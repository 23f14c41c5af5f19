import Directory
import Identity

extension Route {
    /// The table of all routes of the API.
    static func table(
        accounts: Accounts, sessions: Sessions, directory: any DirectoryStore,
        limits: PeopleLimits, health: HealthEndpoint, options: SiteOptions = SiteOptions()
    ) -> [Route] {
        let auth = AuthEndpoints(accounts: accounts, sessions: sessions, options: options)
        let ownSessions = SessionEndpoints(accounts: accounts)
        let users = UserEndpoints(accounts: accounts)
        let people = PeopleEndpoints(
            people: People(store: directory, maximum: limits.maximum),
            rate: ChangeRate(perMinute: limits.changesPerMinute))
        let routes = [
            Route("GET", "/api/auth/me", .signedIn(auth.me)),
            Route("POST", "/api/auth/refresh", .open(auth.refresh)),
            Route("POST", "/api/auth/login", .open(auth.logIn)),
            Route("POST", "/api/auth/logout", .signedIn(auth.logOut)),
            Route("POST", "/api/auth/signup", .open(auth.signUp)),
            Route("POST", "/api/auth/password", .signedIn(auth.changePassword)),
            // These paths are below the path of the refresh token's cookie, so browsers send the
            // cookie.
            Route("POST", "/api/auth/refresh/logout", .open(auth.logOutByRefreshToken)),
            Route("GET", "/api/auth/refresh/status", .optional(auth.status)),
            Route("GET", "/api/auth/rules", .open(auth.rules)),
            Route("GET", "/api/auth/options", .open(auth.siteOptions)),

            Route("GET", "/api/auth/sessions", .signedIn(ownSessions.list)),
            Route("DELETE", "/api/auth/sessions/:id", .recent(nil, ownSessions.end)),

            Route("GET", "/api/users", .role(.admin, users.list)),
            Route("PUT", "/api/users/:id", .recent(.admin, users.change)),

            Route("GET", "/api/people", .signedIn(people.list)),
            Route("POST", "/api/people", .signedIn(people.add)),
            Route("GET", "/api/people/:id", .signedIn(people.find)),
            Route("PUT", "/api/people/:id", .signedIn(people.rename)),
            Route("DELETE", "/api/people/:id", .role(.admin, people.remove)),

            Route("GET", "/health", .open(health.report)),
            Route("GET", "/health/ready", .open(health.reportReadiness)),
        ]
        return options.hasPeople ? routes : routes.filter { !$0.path.hasPrefix("/api/people") }
    }
}

/// What a site offers; its pages ask for it at `/api/auth/options`.
public struct SiteOptions: Equatable, Sendable {
    /// Whether anyone may add an account for themselves.
    public let isSignupOpen: Bool
    /// Whether the site has people, the sample resource; without them, their routes do not exist.
    public let hasPeople: Bool

    /// Creates the options of a site.
    public init(isSignupOpen: Bool = true, hasPeople: Bool = true) {
        self.isSignupOpen = isSignupOpen
        self.hasPeople = hasPeople
    }
}

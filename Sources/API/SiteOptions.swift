/// What a site offers, and how it looks; its pages ask for it at `/api/auth/options`.
public struct SiteOptions: Equatable, Sendable {
    /// Whether anyone may add an account for themselves.
    public let isSignupOpen: Bool
    /// Whether the site has people, the sample resource; without them, their routes do not exist.
    public let hasPeople: Bool
    /// The site's name; nil if its address is its name.
    public let name: String?
    /// The path of the site's logo; nil for the page's own.
    public let logo: String?
    /// The site's accent colour, as `#rrggbb`; nil for the page's own.
    public let color: String?

    /// Creates the options of a site.
    public init(
        isSignupOpen: Bool = true, hasPeople: Bool = true, name: String? = nil,
        logo: String? = nil, color: String? = nil
    ) {
        self.isSignupOpen = isSignupOpen
        self.hasPeople = hasPeople
        self.name = name
        self.logo = logo
        self.color = color
    }
}

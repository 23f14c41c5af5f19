/// What a site offers, and how it looks; its pages ask for it at `/api/auth/options`.
public struct SiteOptions: Equatable, Sendable {
    /// A text, and the address of the link behind it, if there is one.
    public struct PasswordHelp: Equatable, Sendable {
        let text: String
        let address: String?

        /// Creates the help from its text and the `https:` or `mailto:` address of its link.
        public init(text: String, address: String?) {
            self.text = text
            self.address = address
        }
    }

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
    /// What the login page says to someone who has forgotten their password; nil for its own text.
    public let passwordHelp: PasswordHelp?

    /// Creates the options of a site.
    public init(
        isSignupOpen: Bool = true, hasPeople: Bool = true, name: String? = nil,
        logo: String? = nil, color: String? = nil, passwordHelp: PasswordHelp? = nil
    ) {
        self.isSignupOpen = isSignupOpen
        self.hasPeople = hasPeople
        self.name = name
        self.logo = logo
        self.color = color
        self.passwordHelp = passwordHelp
    }
}

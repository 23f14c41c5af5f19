/// The features and the look of a site, which its pages request from `/api/auth/options`.
public struct SiteOptions: Equatable, Sendable {
    /// The help for a forgotten password: a text and, optionally, the address of a link after it.
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
    /// The site's name; nil if pages show the site's address instead.
    public let name: String?
    /// The path of the site's logo; nil for the default logo of the page.
    public let logo: String?
    /// The site's accent colour, as `#rrggbb`; nil for the default colour of the page.
    public let color: String?
    /// The help for a forgotten password on the login page; nil for the page's default text.
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

extension SettingsReader {
    /// The default, as `Setting.refreshWindow` has it.
    private static let standardWindow = Duration.seconds(10)
    /// The longest window that is not doubtful.
    private static let longestUsualWindow = Duration.seconds(60)

    /// How long the tabs of one browser may take to hear of a new refresh token.
    ///
    /// - Parameter accessLifetime: How long an access token lives, which must be longer: an access
    ///   token in use is what proves that the refresh token beside it has arrived. nil where that
    ///   lifetime has a problem of its own.
    /// - Returns: nil when there is a problem, which is then noted.
    package mutating func refreshWindow(within accessLifetime: Duration?) -> Duration? {
        let setting = Setting.refreshWindow
        if environment[setting.name] == nil, let accessLifetime,
            accessLifetime <= Self.standardWindow
        {
            return halfOf(accessLifetime)
        }
        guard let window = value(setting, Lifetime.parseOrZero) else { return nil }
        if let accessLifetime, window >= accessLifetime {
            refuse(
                setting,
                """
                is not shorter than JWT_EXPIRES_IN, and an access token must outlive the window; \
                write less here, such as 10s, or more there
                """)
            return nil
        }
        if window > Self.longestUsualWindow {
            warn(setting, "a copied token can be used unnoticed for so long; 10s is usual")
        }
        return window
    }

    /// A default that fits: a lifetime that was fine before there was a window stops no start.
    private mutating func halfOf(_ accessLifetime: Duration) -> Duration {
        let seconds = accessLifetime.components.seconds
        let shown = "\(seconds / 2)\(seconds % 2 == 0 ? "" : ".5")s"
        note(.refreshWindow, as: shown, from: .defaultValue)
        warn(
            .refreshWindow,
            """
            is \(shown), half of JWT_EXPIRES_IN, in which the default of 10s does not fit; an \
            answer that is on its way for longer may end its session
            """)
        return accessLifetime / 2
    }
}

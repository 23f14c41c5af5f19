extension SettingsReader {
    /// The default window, which must be the same as the default of `Setting.refreshWindow`.
    private static let defaultWindow = Duration.seconds(10)
    /// The maximum window that is accepted without a warning.
    private static let longestWindowWithoutWarning = Duration.seconds(60)

    /// Reads how long a replaced refresh token is still accepted, so that all tabs of a browser
    /// can pick up the new token.
    ///
    /// - Parameter accessLifetime: How long an access token lives, or nil if JWT_EXPIRES_IN is
    ///   invalid. The window must be shorter than this lifetime. The server learns that a client
    ///   has received a new refresh token only when the client uses the access token that was
    ///   issued with that refresh token (docs/rotation.md).
    /// - Returns: The window, or nil if it is invalid; the reader then records the problem.
    package mutating func refreshWindow(within accessLifetime: Duration?) -> Duration? {
        let setting = Setting.refreshWindow
        if environment[setting.name] == nil, let accessLifetime,
            accessLifetime <= Self.defaultWindow
        {
            return shortenedDefault(halving: accessLifetime)
        }
        guard let window = value(setting, Lifetime.parseOrZero) else { return nil }
        if let accessLifetime, window >= accessLifetime {
            refuse(
                setting,
                """
                is not shorter than JWT_EXPIRES_IN; an access token must outlive the window, so \
                shorten this, for example to 10s, or lengthen JWT_EXPIRES_IN
                """)
            return nil
        }
        if window > Self.longestWindowWithoutWarning {
            warn(
                setting,
                "a stolen refresh token can be used undetected during this window; 10s is usual")
        }
        return window
    }

    /// Returns half the access token's lifetime, for use when the default window is too long.
    ///
    /// JWT_EXPIRES_IN could be this short before the window was introduced, and an installation
    /// with such a setting must still start.
    private mutating func shortenedDefault(halving accessLifetime: Duration) -> Duration {
        let seconds = accessLifetime.components.seconds
        let shown = "\(seconds / 2)\(seconds % 2 == 0 ? "" : ".5")s"
        note(.refreshWindow, as: shown, from: .defaultValue)
        warn(
            .refreshWindow,
            """
            is \(shown), half of JWT_EXPIRES_IN, because it must be shorter than that and the \
            default of 10s is not; a response that takes longer to arrive may end its session
            """)
        return accessLifetime / 2
    }
}

extension SettingsReader {
    /// The default, the same as that of `Setting.refreshWindow`.
    private static let defaultWindow = Duration.seconds(10)
    /// A longer window than this is accepted with a warning.
    private static let longestWindowWithoutWarning = Duration.seconds(60)

    /// Reads how long a replaced refresh token is still accepted, so that all tabs of one browser
    /// can pick up the new one.
    ///
    /// - Parameter accessLifetime: How long an access token lives, or nil if that setting is
    ///   invalid. The window must be shorter: a client that uses an access token proves that it
    ///   received the refresh token issued with it.
    /// - Returns: nil if the setting is invalid, which the reader records.
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

    /// Uses half the access token's lifetime where the default window would be too long.
    ///
    /// An installation whose short lifetime was valid before the window existed must still start.
    private mutating func shortenedDefault(halving accessLifetime: Duration) -> Duration {
        let seconds = accessLifetime.components.seconds
        let shown = "\(seconds / 2)\(seconds % 2 == 0 ? "" : ".5")s"
        note(.refreshWindow, as: shown, from: .defaultValue)
        warn(
            .refreshWindow,
            """
            is \(shown), half of JWT_EXPIRES_IN, because the default of 10s would not be shorter; \
            a response that takes longer than this to arrive may end its session
            """)
        return accessLifetime / 2
    }
}

extension Settings {
    /// The runs with the unbroken rule, in which a tick represents a span of time.
    static let runs: [Settings] = [
        .tabs(2, flight: 3, window: 7), .tabs(3, flight: 1, window: 3),
        .tabs(3, flight: 2, window: 5), .tabs(3, flight: 3, window: 7),
        .tabs(3, flight: 3, window: 10), .tabs(4, flight: 4, window: 9),
        .tabs(4, flight: 6, window: 13),
        .tabs(3, flight: 2, window: 5, "access tokens 12 late") { $0.accessFlight = 12 },
        .tabs(3, flight: 3, window: 7, "logout") { $0.logsOut = true },
        .tabs(3, flight: 3, window: 7, "key change") { $0.changesKey = true },
        .tabs(4, flight: 3, window: 7, "script") { $0.isScript = true },
        .tabs(3, flight: 1, window: 4, "clock set by 1") { $0.clockStep = 1 },
        .tabs(3, flight: 1, window: 5, "clock set by 2") { $0.clockStep = 2 },
        .tabs(3, flight: 1, window: 6, "clock set by 3") { $0.clockStep = 3 },
        .tabs(3, flight: 2, window: 6, "all of these") {
            $0.logsOut = true
            $0.changesKey = true
            $0.clockStep = 1
        },
        .tabs(1, flight: 1, window: 3, "thief") { $0.hasThief = true },
        .tabs(2, flight: 1, window: 3, "thief") { $0.hasThief = true },
        .tabs(2, flight: 3, window: 7, "thief") { $0.hasThief = true },
        .tabs(4, flight: 2, window: 5, "thief") { $0.hasThief = true },
        .tabs(3, flight: 2, window: 5, "thief of a script's tokens") {
            $0.hasThief = true
            $0.isScript = true
        },
        .tabs(3, flight: 1, window: 4, "thief, logout, clock set by 1") {
            $0.hasThief = true
            $0.logsOut = true
            $0.clockStep = 1
        },
        .tabs(3, flight: 2, window: 6, "thief, clock set by 1") {
            $0.hasThief = true
            $0.clockStep = 1
        },
    ]

    private static func tabs(
        _ tabs: Int, flight: Int, window: Int, _ name: String = "tabs",
        _ change: (inout Settings) -> Void = { _ in }
    ) -> Settings {
        var settings = Settings(
            name: name, tabs: tabs, flight: flight, window: window, accessFlight: flight,
            isDense: true)
        change(&settings)
        return settings
    }

    /// The properties that a run checks.
    var properties: String { (hasThief ? "P3a-d" : "P1") + (logsOut ? " P4" : "") }
}

extension Mutant {
    /// The smallest run in which the mutant breaks a property, and that property.
    var counterexample: Settings {
        var settings = Settings(name: rawValue, tabs: 2, flight: 1, window: 3)
        settings.mutant = self
        switch self {
        case .strictSingleUse, .displace, .rotatesInWindow, .fixedWindow, .closesAtOnce:
            settings.judged = .tabs
        case .countsNot:
            settings.judged = .tabs
        case .countsAlike:
            settings.hasThief = true
            settings.judged = .keeping
        case .countsApart:
            settings.flight = 2
            settings.accessFlight = 2
            settings.window = 5
            settings.judged = .tabs
        case .shortWindow:
            settings.window = 2
            settings.judged = .tabs
        case .shortWindowAndStep:
            settings.clockStep = 1
            settings.judged = .tabs
        case .retiresKey:
            settings.changesKey = true
            settings.judged = .tabs
        case .clearsCookies:
            settings.logsOut = true
            settings.judged = .logout
        case .previousAlways, .independentGrace, .noConfirmation, .forgetsConfirmation,
            .previousGetsSame:
            settings.hasThief = true
            settings.judged = .alternation
        case .anyRetry:
            settings.hasThief = true
            settings.isScript = true
            settings.judged = .alternation
        case .noGivenUpCheck:
            settings.hasThief = true
            settings.judged = .use
        case .slidesForever, .firstTable:
            settings.hasThief = true
            settings.judged = .closing
        }
        return settings
    }
}

import FastCGI
import Settings

/// Tells the service manager that the server moves, for as long as every worker does.
///
/// Where it hears nothing for `WatchdogSec=` of the unit, it starts the service anew; see
/// sd_watchdog_enabled(3).
struct Watchdog {
    /// How often to look: three times before the service manager loses timeout.
    let interval: Duration
    private var last: [Int] = []

    /// Makes one if the service manager of this process asks for it.
    init?(environment: [String: String], process: Int32) {
        guard let timeout = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), timeout > 0,
            environment["WATCHDOG_PID"].map({ $0 == "\(process)" }) ?? true
        else { return nil }
        interval = .microseconds(timeout) / 3
    }

    /// Whether no worker has been at one and the same thing since the last look.
    ///
    /// The numbers are those of `FastCGIServer.heartbeats`.
    mutating func isMoving(_ heartbeats: [Int]) -> Bool {
        defer { last = heartbeats }
        return !zip(last, heartbeats).contains { $0 == $1 && !$1.isMultiple(of: 2) }
    }
}

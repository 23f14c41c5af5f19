import FastCGI
import Settings

/// Decides whether the server may report to systemd's watchdog that it is alive.
///
/// The server may report as long as every worker makes progress. If no report arrives within the
/// time that the unit sets in `WatchdogSec=`, systemd restarts the service; see
/// sd_watchdog_enabled(3).
struct Watchdog {
    /// The time between two reports, a third of the watchdog's timeout.
    let interval: Duration
    private var last: [Int] = []

    /// Creates a watchdog if the service manager has enabled one for this process.
    init?(environment: [String: String], process: Int32) {
        guard let timeout = environment["WATCHDOG_USEC"].flatMap({ Int64($0) }), timeout > 0,
            environment["WATCHDOG_PID"].map({ $0 == "\(process)" }) ?? true
        else { return nil }
        interval = .microseconds(timeout) / 3
    }

    /// Whether every worker is idle or has made progress since the previous call.
    ///
    /// `heartbeats` comes from `FastCGIServer.heartbeats` and has a counter for each worker. A
    /// counter is odd while its worker is busy.
    mutating func isMakingProgress(_ heartbeats: [Int]) -> Bool {
        defer { last = heartbeats }
        return !zip(last, heartbeats).contains { $0 == $1 && !$1.isMultiple(of: 2) }
    }
}

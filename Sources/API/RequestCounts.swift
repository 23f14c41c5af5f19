import Glibc
public import Metrics
import Threads

/// How many requests had which route and which status, and how long they took.
///
/// Every request passes here: one lock, three additions and two looks at a clock.
public final class RequestCounts: Sendable {
    /// What there is to tell of one route.
    public struct Row: Sendable {
        /// The route's method and path, `none` for requests that had no route.
        public let route: String
        /// How many answers had each status.
        public let statuses: [(status: Int, count: Int)]
        /// How long the answers took, in microseconds, from the whole request to the answer.
        public let durations: Histogram
    }

    private struct Counts {
        /// For each route, and for none behind them, the count of each status up to 599.
        var statuses: [Int]
        var durations: [Histogram]
    }

    private static let statuses = 600
    private let names: [String]
    private let counts: Guarded<Counts>

    init(routes: [Route]) {
        names = routes.map(\.description) + ["none"]
        counts = Guarded(
            Counts(
                statuses: Array(repeating: 0, count: names.count * Self.statuses),
                // 64 microseconds to 17 seconds.
                durations: Array(repeating: Histogram(exponents: 6...24), count: names.count)))
    }

    /// The moment that `record` counts from, in microseconds.
    static var begin: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    /// Counts an answer.
    ///
    /// - Parameters:
    ///   - route: The route's place in the table; nil for none.
    ///   - status: The answer's.
    ///   - begin: When the request was there.
    func record(route: Int?, status: Int, since begin: Int) {
        let route = route ?? names.count - 1
        let duration = Self.begin - begin
        counts.withLock { counts in
            counts.statuses[route * Self.statuses + status] += 1
            counts.durations[route].record(duration)
        }
    }

    /// What was counted so far, for each route that was asked for.
    public var rows: [Row] {
        let counts = counts.withLock { $0 }
        return names.indices.compactMap { route in
            guard counts.durations[route].count > 0 else { return nil }
            let statuses = (0..<Self.statuses).compactMap { status -> (Int, Int)? in
                let count = counts.statuses[route * Self.statuses + status]
                return count > 0 ? (status, count) : nil
            }
            return Row(
                route: names[route], statuses: statuses, durations: counts.durations[route])
        }
    }
}

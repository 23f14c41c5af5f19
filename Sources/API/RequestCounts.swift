import Glibc
public import Metrics
import Threads

/// Counts requests by route and status, and records how long they took.
///
/// Every request is counted, so counting must be cheap. It takes one lock, three additions and two
/// clock readings.
public final class RequestCounts: Sendable {
    /// The counts of one route.
    public struct Row: Sendable {
        /// The route's method and path; `none` for requests that matched no route.
        public let route: String
        /// The number of responses with each status.
        public let statuses: [(status: Int, count: Int)]
        /// The durations, in microseconds, from the arrival of the whole request to its response.
        public let durations: Histogram
    }

    private struct Counts {
        /// For each route in turn, 600 counts: one for each status from 0 to 599.
        ///
        /// The last 600 counts are those of requests that matched no route.
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
                // The bounds of the buckets range from 64 microseconds to 17 seconds.
                durations: Array(repeating: Histogram(exponents: 6...24), count: names.count)))
    }

    /// The current monotonic time in microseconds, to be passed to `record` at the end of the
    /// request.
    static var begin: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    /// Counts a response and records how long the request took.
    ///
    /// - Parameters:
    ///   - route: The index of the route in the table; `nil` if the request matched no route.
    ///   - status: The status of the response.
    ///   - begin: The value that the property `begin` had when the whole request had arrived.
    func record(route: Int?, status: Int, since begin: Int) {
        let route = route ?? names.count - 1
        let duration = Self.begin - begin
        counts.withLock { counts in
            counts.statuses[route * Self.statuses + status] += 1
            counts.durations[route].record(duration)
        }
    }

    /// The counts of each route that has been requested at least once.
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

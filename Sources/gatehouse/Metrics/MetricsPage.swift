import API
import Cryptography
import FastCGI
import HTTPTypes
import Identity
import Metrics
import Settings
import Threads

/// Serves the server's metrics to clients that connect to the metrics socket.
///
/// The page contains only numbers, never a name, an address or a token.
struct MetricsPage: Sendable {
    let requests: RequestCounts
    let store: any Store
    let passwords: PasswordHasher
    /// The number of sessions that ended because a refresh token was reused.
    let reuses: Guarded<Int>

    func respond(to request: FastCGIRequest) async -> FastCGIResponse {
        guard request.method == "GET" || request.method == "HEAD" else {
            return FastCGIResponse(head: HTTPResponse(status: .methodNotAllowed), body: [])
        }
        let head = HTTPResponse(
            status: .ok,
            headerFields: [.contentType: PrometheusText.mediaType, .cacheControl: "no-store"])
        return FastCGIResponse(head: head, body: Array(await text.utf8))
    }

    private var text: String {
        get async {
            var page = PrometheusText()
            add(requests.rows, to: &page)
            add(store.statistics, to: &page)
            add(passwords.statistics, to: &page)
            page.counter(
                "gatehouse_token_reuses_total",
                "Sessions ended because an old refresh token was reused, a sign of theft.",
                [("", reuses.withLock { $0 })])
            let sessions = try? await store.read { try $0.openSessionCount() }
            page.gauge(
                "gatehouse_sessions", "Sessions that have neither ended nor been purged.",
                sessions.map { [("", Int($0))] } ?? [])
            ProcessStatistics.now?.add(to: &page)
            return page.text
        }
    }

    private func add(_ rows: [RequestCounts.Row], to page: inout PrometheusText) {
        page.counter(
            "gatehouse_requests_total", "Responses, by route and status.",
            rows.flatMap { row in
                row.statuses.map { ("route=\"\(row.route)\",status=\"\($0.status)\"", $0.count) }
            })
        page.histogram(
            "gatehouse_request_duration_seconds",
            "Time from a complete request to its response, including waits for commits and hashes.",
            unit: 1e-6, rows.map { ("route=\"\($0.route)\"", $0.durations) })
    }

    private func add(_ statistics: StoreStatistics, to page: inout PrometheusText) {
        page.histogram(
            "gatehouse_commit_writes", "Writes that shared one commit.", unit: 1,
            [("", statistics.groups)])
        page.counter(
            "gatehouse_commit_failures_total", "Commits that failed, with all their writes.",
            [("", statistics.failures)])
        page.gauge(
            "gatehouse_commit_waiting", "Writes waiting for their commit.",
            [("", statistics.waiting)])
    }

    private func add(_ statistics: PasswordHasher.Statistics, to page: inout PrometheusText) {
        page.histogram(
            "gatehouse_password_hash_seconds", "Time to hash a password, excluding the wait.",
            unit: 1e-6, [("", statistics.durations)])
        page.gauge(
            "gatehouse_password_waiting", "Passwords waiting to be hashed.",
            [("", statistics.waiting)])
        page.counter(
            "gatehouse_password_refusals_total",
            "Passwords refused with a 503 because the queue was full.",
            [("", statistics.refused)])
    }
}

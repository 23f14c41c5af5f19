import API
import Cryptography
import FastCGI
import HTTPTypes
import Identity
import Metrics
import Settings
import Threads

/// What the server tells about itself, to whoever may connect to its second socket.
///
/// Nobody's name, address or token: numbers only.
struct MetricsPage: Sendable {
    let requests: RequestCounts
    let store: any Store
    let passwords: PasswordHasher
    /// How many sessions ended because a token was reused.
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
                "Sessions that ended because an old token was shown: somebody has a copy.",
                [("", reuses.withLock { $0 })])
            let now = Timestamp.now
            let sessions = try? await store.read { try $0.liveSessionCount(at: now) }
            page.gauge(
                "gatehouse_sessions", "Sessions that are live.",
                sessions.map { [("", Int($0))] } ?? [])
            ProcessStatistics.now?.add(to: &page)
            return page.text
        }
    }

    private func add(_ rows: [RequestCounts.Row], to page: inout PrometheusText) {
        page.counter(
            "gatehouse_requests_total", "Answers, by route and status.",
            rows.flatMap { row in
                row.statuses.map { ("route=\"\(row.route)\",status=\"\($0.status)\"", $0.count) }
            })
        page.histogram(
            "gatehouse_request_duration_seconds",
            "From the whole request to the answer, waits for commits and hashes included.",
            unit: 1e-6, rows.map { ("route=\"\($0.route)\"", $0.durations) })
    }

    private func add(_ statistics: StoreStatistics, to page: inout PrometheusText) {
        page.histogram(
            "gatehouse_commit_writes", "Writes that shared one commit.", unit: 1,
            [("", statistics.groups)])
        page.counter(
            "gatehouse_commit_failures_total", "Commits that failed, and all their writes.",
            [("", statistics.failures)])
        page.gauge(
            "gatehouse_commit_waiting", "Writes that wait for their commit.",
            [("", statistics.waiting)])
    }

    private func add(_ statistics: PasswordHasher.Statistics, to page: inout PrometheusText) {
        page.histogram(
            "gatehouse_password_hash_seconds", "What hashing a password took, without its wait.",
            unit: 1e-6, [("", statistics.durations)])
        page.gauge(
            "gatehouse_password_waiting", "Passwords that wait to be hashed.",
            [("", statistics.waiting)])
        page.counter(
            "gatehouse_password_refusals_total", "Passwords that found too many waiting: 503.",
            [("", statistics.refused)])
    }
}

import Threads

/// Delays the responses to refused logins.
///
/// Otherwise a client that repeats a refused login at once would send thousands of logins in a
/// second. Refusing them would take processor time from the logins that are not refused. No thread
/// is blocked by a wait.
final class RefusalDelay: Sendable {
    private struct State {
        var waits: [Int: Task<Void, Never>] = [:]
        /// The number of waits of each network.
        var networks: [String: Int] = [:]
        var started = 0
        var isOver = false
    }

    /// The maximum number of refused logins that wait.
    ///
    /// Further refused logins are answered at once, because each wait occupies a connection and
    /// 26 KiB. With Debian's settings, each worker of nginx has 768 connections, and a request
    /// occupies two.
    static let maximum = 1024

    /// The maximum number of refused logins of one network that wait.
    ///
    /// This equals the number of requests that nginx lets one client have in progress
    /// (`limit_conn`).
    static let maximumOfNetwork = 256

    private let duration: Duration
    private let state = Guarded(State())

    /// Creates a delay; with zero, no refused login waits.
    init(_ duration: Duration) { self.duration = duration }

    /// The number of refused logins that wait.
    var waiting: Int { state.withLock { $0.waits.count } }

    /// Waits, unless too many refused logins are waiting already, in all or from the same network.
    func wait(for network: String) async {
        guard duration > .zero else { return }
        let begun = state.withLock { state -> (number: Int, wait: Task<Void, Never>)? in
            guard !state.isOver, state.waits.count < Self.maximum,
                state.networks[network, default: 0] < Self.maximumOfNetwork
            else { return nil }
            // Sleep in a separate task, because `end` can cancel that task.
            let wait = Task { [duration] in
                do { try await Task.sleep(for: duration) } catch { return }
            }
            state.started += 1
            state.waits[state.started] = wait
            state.networks[network, default: 0] += 1
            return (state.started, wait)
        }
        guard let (number, wait) = begun else { return }
        await wait.value
        state.withLock { state in
            state.waits[number] = nil
            let left = state.networks[network, default: 1] - 1
            state.networks[network] = left > 0 ? left : nil
        }
    }

    /// Ends all waits; later calls of `wait` return at once.
    func end() {
        let waits = state.withLock { state in
            state.isOver = true
            return Array(state.waits.values)
        }
        for wait in waits { wait.cancel() }
    }
}

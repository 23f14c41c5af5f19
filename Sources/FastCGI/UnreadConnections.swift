import Glibc
import Threads

/// The connections on which a long response waits until the peer has read more of it.
///
/// One thread watches all of them, so that a peer that reads slowly does not occupy a worker.
final class UnreadConnections: Sendable {
    private struct Wait {
        let continuation: CheckedContinuation<Bool, Never>
        let deadline: ContinuousClock.Instant
    }

    private let events: EventSet
    private let stopping: EventFD
    private let waits = Guarded<[Int32: Wait]>([:])
    private let timeout: Duration
    /// The time at which all waits end; `nil` until shutdown begins.
    private let end = Guarded<ContinuousClock.Instant?>(nil)

    /// Creates an empty set.
    ///
    /// - Parameter timeout: How long a peer may read nothing before its response is abandoned.
    /// - Throws: `FastCGIError` if the system cannot create the set.
    init(timeout: Duration) throws {
        self.timeout = timeout
        events = try EventSet()
        stopping = try EventFD()
        try events.add(stopping.descriptor, for: .readable)
    }

    /// Waits until the peer of a connection has read enough for more to be written.
    ///
    /// The caller's worker serves other requests in the meantime.
    ///
    /// - Returns: `false` if the peer has read nothing for too long. If the peer has closed the
    ///   connection, the result is `true`, and writing fails.
    func waitUntilWritable(_ descriptor: Int32) async -> Bool {
        let now = ContinuousClock.now
        let end = end.withLock { $0 } ?? now + timeout
        if now > end { return false }
        let deadline = min(now + timeout, end)
        return await withCheckedContinuation { continuation in
            waits.withLock {
                $0[descriptor] = Wait(continuation: continuation, deadline: deadline)
            }
            do {
                try events.watch(descriptor, for: [.writable, .closed, .once])
            } catch {
                finishWait(for: descriptor, isWritable: false)
            }
        }
    }

    /// Watches the connections until `stop` is called.
    func watch() {
        while true {
            let event = events.wait(timeout: .milliseconds(500))
            if event?.descriptor == stopping.descriptor { return }
            if let event { finishWait(for: event.descriptor, isWritable: true) }
            abandonExpired()
        }
    }

    /// Makes `watch` return.
    func stop() { stopping.signal() }

    /// Abandons every response that is not completely sent after `delay`, so that a peer that reads
    /// slowly delays a shutdown only a little.
    func abandonAll(after delay: Duration) {
        end.withLock { $0 = ContinuousClock.now + delay }
    }

    private func abandonExpired() {
        let now = ContinuousClock.now
        let end = end.withLock { $0 } ?? now
        let expired = waits.withLock { waits in
            waits.filter { now > $0.value.deadline || now > end }.map(\.key)
        }
        for descriptor in expired { finishWait(for: descriptor, isWritable: false) }
    }

    private func finishWait(for descriptor: Int32, isWritable: Bool) {
        waits.withLock { $0.removeValue(forKey: descriptor) }?.continuation
            .resume(returning: isWritable)
    }
}

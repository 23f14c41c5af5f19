import CFastCGI
import Glibc
import Threads

/// The connections that web servers keep open to this server.
///
/// A connection is in one of three states: it waits in the event set for the first bytes of a
/// request, a request on it is being handled, or it is in `PartialRequests` until the rest of a
/// request has arrived.
final class Connections: Sendable {
    let events: EventSet
    private let waiting = Guarded(WaitingConnections())
    private let reserve = Guarded(ReserveDescriptor())
    private let sendTimeout: timeval
    private let overloadResponse: OverloadResponse?
    private let onEvent: @Sendable (FastCGIEvent) -> Void

    init(
        sendTimeout: Duration, overloadResponse: OverloadResponse?,
        onEvent: @escaping @Sendable (FastCGIEvent) -> Void
    ) throws {
        self.overloadResponse = overloadResponse
        events = try EventSet()
        let (seconds, attoseconds) = sendTimeout.components
        self.sendTimeout = timeval(
            tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
        self.onEvent = onEvent
        reserve.withLock { $0.open() }
    }

    deinit { reserve.withLock { $0.close() } }

    /// Accepts the next connection of a listener.
    ///
    /// - Returns: The connection's descriptor, or `nil` if another worker accepted the connection
    ///   first, the peer has disconnected or no descriptor is left.
    func accept(from listener: FastCGIListener) -> Int32? {
        // Accept under the lock of the reserve descriptor. Otherwise, this connection could take
        // the number of that descriptor in the moment when another worker has released it.
        let (descriptor, error) = reserve.withLock { _ in
            (accept4(listener.descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue)), errno)
        }
        guard descriptor >= 0 else {
            if error == EMFILE || error == ENFILE { refuse(from: listener) }
            return nil
        }
        // Responses are written with blocking calls. Set a timeout, so that a peer that reads
        // nothing does not block a worker for ever.
        var timeout = sendTimeout
        setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        return descriptor
    }

    /// Lets a connection wait in the event set until its peer sends data or closes the connection.
    ///
    /// - Returns: `false` if the system could not watch the connection, which is then closed.
    func wait(on descriptor: Int32, _ reason: WaitingConnections.Reason) -> Bool {
        waiting.withLock { $0[descriptor] = reason }
        do {
            try events.watch(
                descriptor, for: [.readable, .closed, .once], isProbablyNew: reason.isNew)
        } catch {
            // If another thread has taken the connection, it is no longer this thread's to close.
            guard take(descriptor) != nil else { return true }
            close(descriptor)
            return false
        }
        return true
    }

    /// Takes a connection that has an event out of the waiting connections.
    ///
    /// - Returns: Why the connection was waiting; `nil` if another thread has taken it.
    func take(_ descriptor: Int32) -> WaitingConnections.Reason? {
        waiting.withLock { waiting in
            defer { waiting[descriptor] = nil }
            return waiting[descriptor]
        }
    }

    /// Takes all new connections out of the waiting connections.
    func takeNew() -> [(descriptor: Int32, since: MonotonicTime)] {
        waiting.withLock { waiting in
            let new = waiting.new
            for (descriptor, _) in new { waiting[descriptor] = nil }
            return new
        }
    }

    /// Shuts down the new connections on which nothing has arrived since before a time.
    ///
    /// - Returns: Their number.
    func shutDownSilent(before start: MonotonicTime) -> Int {
        waiting.withLock { waiting in
            let silent = waiting.new.filter { $0.since < start }
            for (descriptor, _) in silent {
                // The shutdown is an event, and the worker that takes the connection closes it. If
                // this thread closed it, its number could already be another connection's when a
                // worker handles an earlier event.
                shutdown(descriptor, Int32(SHUT_RDWR))
                waiting[descriptor] = .new(since: .now)
            }
            return silent.count
        }
    }

    /// Closes all idle connections.
    func closeIdle() {
        let closing = waiting.withLock { waiting in
            defer { waiting = WaitingConnections() }
            return waiting.idle
        }
        for descriptor in closing { close(descriptor) }
    }

    /// Accepts a waiting connection when no descriptor is left, sends the overload response and
    /// closes the connection.
    ///
    /// If the connection stayed in the queue, it would wake the workers again and again. So one
    /// descriptor is kept in reserve and released to accept the connection. If even the released
    /// descriptor cannot be used, because the limit was lowered or other processes use up the
    /// system's descriptors, the connection stays in the queue and the worker pauses.
    private func refuse(from listener: FastCGIListener) {
        let (isRefused, isReportDue) = reserve.withLock { reserve in
            reserve.close()
            let waiting = accept4(listener.descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
            let isRefused = waiting >= 0 || (errno != EMFILE && errno != ENFILE)
            if waiting >= 0 {
                overloadResponse?.send(on: waiting)
                close(waiting)
            }
            reserve.open()
            return (isRefused, reserve.isReportDue())
        }
        if isReportDue { onEvent(.outOfDescriptors) }
        if !isRefused { usleep(10_000) }
    }
}

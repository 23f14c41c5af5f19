import Glibc
import Threads

/// The connections whose requests have not arrived completely.
///
/// Each of these connections counts as an unfinished request, so shutdown waits until none is left.
/// One thread watches all of them, so that a stalled peer does not occupy a worker. Each connection
/// has a deadline. The same thread ends new connections that send nothing in time.
final class PartialRequests: Sendable {
    private let connections: Connections
    private let shutdown: Shutdown
    private let arrivals: EventSet
    private let stopping: EventFD
    private let begunAt = Guarded<[Int32: MonotonicTime]>([:])
    private let timeout: Duration
    private let onEvent: @Sendable (FastCGIEvent) -> Void

    init(
        connections: Connections, shutdown: Shutdown, timeout: Duration,
        onEvent: @escaping @Sendable (FastCGIEvent) -> Void
    ) throws {
        self.connections = connections
        self.shutdown = shutdown
        self.timeout = timeout
        self.onEvent = onEvent
        arrivals = try EventSet()
        stopping = try EventFD()
        try arrivals.add(stopping.descriptor, for: .readable)
    }

    /// Adds a connection that waits for the rest of its request.
    ///
    /// The caller must have called `requestBegins` of `shutdown`. The request must arrive within
    /// the timeout after `start`.
    func add(_ descriptor: Int32, since start: MonotonicTime) {
        // Remove the connection from the workers' event set. Otherwise the bytes already received
        // would wake the workers at once.
        connections.events.remove(descriptor)
        begunAt.withLock { $0[descriptor] = start }
        do {
            try arrivals.add(descriptor, for: [.readable, .closed, .edge])
        } catch {
            remove(descriptor)
        }
    }

    /// Watches the connections until `stop` is called.
    ///
    /// - Parameter onComplete: A closure called with each connection whose request has arrived
    ///   completely. The closure must call `requestEnds` of `shutdown` when the request has been
    ///   answered.
    func watch(onComplete: (Int32) -> Void) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: RequestScan.maximumLength, alignment: 8)
        defer { buffer.deallocate() }
        // Not after each event, because the check looks at all connections, under locks that the
        // workers need.
        let interval = min(timeout / 4, .milliseconds(500))
        var lastCheck = MonotonicTime.now
        while true {
            let event = arrivals.wait(timeout: interval)
            if event?.descriptor == stopping.descriptor { break }
            if let (descriptor, events) = event {
                handle(events, on: descriptor, with: buffer, onComplete)
            }
            if lastCheck <= .now - interval {
                removeExpired()
                lastCheck = .now
            }
        }
        begunAt.withLock { Array($0.keys) }.forEach(remove)
    }

    /// Makes `watch` close the remaining connections and return.
    func stop() { stopping.signal() }

    private func handle(
        _ events: Events, on descriptor: Int32, with buffer: UnsafeMutableRawBufferPointer,
        _ onComplete: (Int32) -> Void
    ) {
        switch RequestScan.peek(descriptor, with: buffer) {
        case .complete:
            arrivals.remove(descriptor)
            begunAt.withLock { _ = $0.removeValue(forKey: descriptor) }
            onComplete(descriptor)
        case .empty, .incomplete:
            if !events.isDisjoint(with: .closed) { remove(descriptor) }
        case .malformed(let reason):
            onEvent(.malformedRequest(reason))
            remove(descriptor)
        case nil: remove(descriptor)
        }
    }

    private func removeExpired() {
        // During shutdown the timeout is shorter, so that a silent peer delays the shutdown only a
        // little.
        let timeout = shutdown.hasBegun ? min(timeout, .seconds(1)) : timeout
        let latest = MonotonicTime.now - timeout
        let expired = begunAt.withLock { $0.filter { $0.value < latest }.map(\.key) }
        for descriptor in expired {
            onEvent(.stalledPeer)
            remove(descriptor)
        }
        for _ in 0..<connections.shutDownSilent(before: latest) { onEvent(.stalledPeer) }
    }

    /// Removes and closes a connection, unless another thread has already done so.
    ///
    /// If another thread has closed the connection, the same descriptor may already belong to a new
    /// connection.
    private func remove(_ descriptor: Int32) {
        guard begunAt.withLock({ $0.removeValue(forKey: descriptor) != nil }) else { return }
        close(descriptor)
        shutdown.requestEnds()
    }
}

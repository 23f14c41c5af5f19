import Glibc
import Threads

/// Where a connection waits whose request is on its way and is not all here.
///
/// Who waits here is part of the server's work: it drains only when the room is empty. One thread
/// watches all of them, so that a peer which stalls holds no worker. Every connection has a
/// deadline from the moment it came.
final class PartialRequests: Sendable {
    private let connections: Connections
    private let shutdown: Shutdown
    private let arrivals: EventSet
    private let closing: EventFD
    private let arrived = Guarded<[Int32: ContinuousClock.Instant]>([:])
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
        closing = try EventFD()
        try arrivals.add(closing.descriptor, for: .readable)
    }

    /// Lets a connection wait for the rest of its request.
    func admit(_ descriptor: Int32) {
        // It leaves the workers' set: there the bytes that are here would wake them at once.
        connections.events.remove(descriptor)
        shutdown.requestBegins()
        arrived.withLock { $0[descriptor] = .now }
        do {
            try arrivals.add(descriptor, for: [.readable, .closed, .edge])
        } catch {
            dismiss(descriptor)
        }
    }

    /// Watches the room until `leave` is called.
    ///
    /// - Parameter proceed: Takes a connection whose request is whole, and ends its part in
    ///   `shutdown`.
    func watch(whenWhole proceed: (Int32) -> Void) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: RequestScan.maximumLength, alignment: 8)
        defer { buffer.deallocate() }
        while true {
            let event = arrivals.wait(atMost: min(timeout / 4, .milliseconds(500)))
            if event?.descriptor == closing.descriptor { break }
            if let (descriptor, events) = event {
                look(at: descriptor, events, with: buffer, proceed)
            }
            dismissLate()
        }
        arrived.withLock { Array($0.keys) }.forEach(dismiss)
    }

    /// Ends `watch`, and closes the connections that still wait.
    func leave() { closing.ring() }

    private func look(
        at descriptor: Int32, _ events: Events, with buffer: UnsafeMutableRawBufferPointer,
        _ proceed: (Int32) -> Void
    ) {
        switch scan(descriptor, with: buffer) {
        case .whole:
            arrivals.remove(descriptor)
            arrived.withLock { _ = $0.removeValue(forKey: descriptor) }
            proceed(descriptor)
        case .nothing, .incomplete:
            if !events.isDisjoint(with: .closed) { dismiss(descriptor) }
        case .malformed(let reason):
            onEvent(.malformedRequest(reason))
            dismiss(descriptor)
        case nil: dismiss(descriptor)
        }
    }

    private func dismissLate() {
        let now = ContinuousClock.now
        // At the end of a server its peers have had their time; who is still silent holds it up.
        let timeout = shutdown.hasBegun ? min(timeout, .seconds(1)) : timeout
        let late = arrived.withLock { $0.filter { now - $0.value > timeout }.map(\.key) }
        for descriptor in late {
            onEvent(.stalledPeer)
            dismiss(descriptor)
        }
    }

    /// Closes a connection, unless another thread has: its number may be another's by then.
    private func dismiss(_ descriptor: Int32) {
        guard arrived.withLock({ $0.removeValue(forKey: descriptor) != nil }) else { return }
        close(descriptor)
        shutdown.requestEnds()
    }
}

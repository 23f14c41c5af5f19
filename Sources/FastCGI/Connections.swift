import CFastCGI
import Glibc
import Threads

/// The connections that web servers keep open, and whose turn it is.
///
/// A connection is in one place at a time: idle in the event set, with the worker that serves
/// it, or in the waiting room until the rest of a request has come.
final class Connections: Sendable {
    let events: EventSet
    private let idle = Guarded(Idle())
    private let reserve = Guarded(Reserve())
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
        reserve.withLock { $0.descriptor = openNothing() }
    }

    deinit { reserve.withLock { _ = close($0.descriptor) } }

    /// The next connection of a listener.
    ///
    /// - Returns: `nil` when another worker was quicker or the peer has gone.
    func accept(from listener: FastCGIListener) -> Int32? {
        // Not while another worker has let go of the reserve: it would be lost to this connection.
        let (descriptor, error) = reserve.withLock { _ in
            (accept4(listener.descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue)), errno)
        }
        guard descriptor >= 0 else {
            if error == EMFILE || error == ENFILE { refuse(from: listener) }
            return nil
        }
        // An answer is written by blocking: a peer that reads nothing must not hold a worker.
        var timeout = sendTimeout
        setsockopt(
            descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        return descriptor
    }

    /// Puts a connection among the idle ones, until its peer sends or closes.
    func keep(_ descriptor: Int32) {
        idle.withLock { $0[descriptor] = true }
        do {
            try events.watch(descriptor, for: [.readable, .closed, .once])
        } catch {
            take(descriptor)
            close(descriptor)
        }
    }

    /// Takes a connection on which something happened from the idle ones.
    func take(_ descriptor: Int32) { idle.withLock { $0[descriptor] = false } }

    /// Closes all idle connections.
    func closeIdle() {
        let closing = idle.withLock { idle in
            defer { idle = Idle() }
            return idle.descriptors
        }
        for descriptor in closing { close(descriptor) }
    }

    /// Answers and closes a waiting connection for which no descriptor is left.
    ///
    /// Left alone it would wake the workers for ever. One descriptor is kept in reserve for this. Where
    /// not even that is to be had, since the limit has been lowered or other processes have taken
    /// what the system has, the connection stays where it is, and the worker pauses.
    private func refuse(from listener: FastCGIListener) {
        let (isRefused, needsConfirmation) = reserve.withLock { reserve in
            close(reserve.descriptor)
            let waiting = accept4(listener.descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
            let isRefused = waiting >= 0 || (errno != EMFILE && errno != ENFILE)
            if waiting >= 0 {
                overloadResponse?.send(on: waiting)
                close(waiting)
            }
            reserve.descriptor = openNothing()
            return (isRefused, reserve.needsConfirmation())
        }
        if needsConfirmation { onEvent(.outOfDescriptors) }
        if !isRefused { usleep(10_000) }
    }
}

private struct Reserve {
    var descriptor: Int32 = -1
    private var toldAt: ContinuousClock.Instant?

    /// Whether the last time that somebody was told is longer ago than a second.
    mutating func needsConfirmation() -> Bool {
        if let toldAt, .now - toldAt < .seconds(1) { return false }
        toldAt = .now
        return true
    }
}

/// Which descriptors are idle connections: a place for each number, since the system hands out
/// the lowest that is free.
private struct Idle {
    private var isIdle: [Bool] = []

    subscript(descriptor: Int32) -> Bool {
        get { Int(descriptor) < isIdle.count && isIdle[Int(descriptor)] }
        set {
            let index = Int(descriptor)
            if index >= isIdle.count {
                isIdle.append(contentsOf: repeatElement(false, count: index + 64 - isIdle.count))
            }
            isIdle[index] = newValue
        }
    }

    var descriptors: [Int32] { isIdle.indices.filter { isIdle[$0] }.map(Int32.init) }
}

private func openNothing() -> Int32 { open("/dev/null", O_RDONLY | O_CLOEXEC) }

/// Judges what waits on a connection, without taking it.
///
/// - Returns: `nil` when the peer has closed the connection.
func scan(_ descriptor: Int32, with buffer: UnsafeMutableRawBufferPointer) -> RequestScan? {
    let count = recv(
        descriptor, buffer.baseAddress, buffer.count, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
    if count > 0 {
        let waiting = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        return RequestScan.judge(Span(_unsafeBytes: waiting))
    }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : nil
}

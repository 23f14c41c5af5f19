import CFastCGI
import Glibc

/// A counter that an event set can watch (see eventfd(2)).
final class EventFD: Sendable {
    let descriptor: Int32

    init() throws {
        let flags = EFD_CLOEXEC | EFD_SEMAPHORE | EFD_NONBLOCK
        descriptor = eventfd(0, Int32(flags))
        guard descriptor >= 0 else { throw FastCGIError.last("eventfd") }
    }

    deinit { close(descriptor) }

    /// Increments the counter, which makes the descriptor readable.
    func signal() { eventfd_write(descriptor, 1) }

    /// Decrements the counter, unless it is zero.
    ///
    /// - Returns: Whether the counter was above zero.
    func consume() -> Bool {
        var count: eventfd_t = 0
        return eventfd_read(descriptor, &count) == 0
    }
}

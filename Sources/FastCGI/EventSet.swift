import CFastCGI
import Glibc

/// A set of file descriptors to wait on (see epoll(7)).
final class EventSet: Sendable {
    private let descriptor: Int32

    init() throws {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw FastCGIError.last("epoll_create1") }
    }

    deinit { close(descriptor) }

    /// Watches a descriptor, or changes how it is watched.
    ///
    /// Set `isProbablyNew` if the descriptor is probably not in the set, which saves a system call.
    func watch(_ watched: Int32, for events: Events, isProbablyNew: Bool = false) throws {
        var event = epoll_event()
        event.events = events.rawValue
        event.data.fd = watched
        // Closing a descriptor removes it from the set, and its number may have been reused for
        // another connection. Only the system knows whether the set contains the descriptor. So try
        // one of modifying an entry and adding one, and then the other.
        let tries = isProbablyNew ? (EPOLL_CTL_ADD, EPOLL_CTL_MOD) : (EPOLL_CTL_MOD, EPOLL_CTL_ADD)
        if epoll_ctl(descriptor, tries.0, watched, &event) == 0 { return }
        guard errno == (isProbablyNew ? EEXIST : ENOENT),
            epoll_ctl(descriptor, tries.1, watched, &event) == 0
        else { throw FastCGIError.last("epoll_ctl") }
    }

    /// Adds a descriptor that is not in the set yet.
    func add(_ watched: Int32, for events: Events) throws {
        var event = epoll_event()
        event.events = events.rawValue
        event.data.fd = watched
        guard epoll_ctl(descriptor, EPOLL_CTL_ADD, watched, &event) == 0 else {
            throw FastCGIError.last("epoll_ctl")
        }
    }

    /// Removes a descriptor from the set.
    func remove(_ watched: Int32) {
        var unused = epoll_event()
        epoll_ctl(descriptor, EPOLL_CTL_DEL, watched, &unused)
    }

    /// Waits for an event on a descriptor of the set.
    ///
    /// - Returns: The descriptor and its events, or `nil` after the timeout or if a signal
    ///   interrupted the wait.
    func wait(timeout: Duration? = nil) -> (descriptor: Int32, events: Events)? {
        let milliseconds = timeout.map { Int32($0 / .milliseconds(1)) } ?? -1
        var event = epoll_event()
        guard epoll_wait(descriptor, &event, 1, milliseconds) == 1 else { return nil }
        return (event.data.fd, Events(rawValue: event.events))
    }
}

import CFastCGI
import Glibc

/// A set of descriptors to wait on, see epoll(7).
final class EventSet: Sendable {
    private let descriptor: Int32

    init() throws {
        descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard descriptor >= 0 else { throw FastCGIError.last("epoll_create1") }
    }

    deinit { close(descriptor) }

    /// Watches a descriptor, or changes how it is watched.
    func watch(_ watched: Int32, for events: Events) throws {
        var event = epoll_event()
        event.events = events.rawValue
        event.data.fd = watched
        // A descriptor that was closed has left the set by itself, and its number may be another
        // connection's by now; so which of the two calls is due is for the system to say.
        if epoll_ctl(descriptor, EPOLL_CTL_MOD, watched, &event) == 0 { return }
        guard errno == ENOENT, epoll_ctl(descriptor, EPOLL_CTL_ADD, watched, &event) == 0 else {
            throw FastCGIError.last("epoll_ctl")
        }
    }

    /// Adds a descriptor that is new to the set.
    func add(_ watched: Int32, for events: Events) throws {
        var event = epoll_event()
        event.events = events.rawValue
        event.data.fd = watched
        guard epoll_ctl(descriptor, EPOLL_CTL_ADD, watched, &event) == 0 else {
            throw FastCGIError.last("epoll_ctl")
        }
    }

    /// Forgets a descriptor.
    func remove(_ watched: Int32) {
        var unused = epoll_event()
        epoll_ctl(descriptor, EPOLL_CTL_DEL, watched, &unused)
    }

    /// Sleeps until something happens to a descriptor of the set.
    ///
    /// - Returns: `nil` when the time is up or a signal came.
    func wait(atMost limit: Duration? = nil) -> (descriptor: Int32, events: Events)? {
        let milliseconds = limit.map { Int32($0 / .milliseconds(1)) } ?? -1
        var event = epoll_event()
        guard epoll_wait(descriptor, &event, 1, milliseconds) == 1 else { return nil }
        return (event.data.fd, Events(rawValue: event.events))
    }
}

/// What epoll(7) tells of a descriptor, and how it is to tell it.
struct Events: OptionSet {
    let rawValue: UInt32

    /// There is something to read.
    static let readable = Events(rawValue: EPOLLIN.rawValue)
    /// The peer has closed its side.
    static let closed = Events(
        rawValue: EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue)
    /// Tell one thread, then nobody until the descriptor is watched again.
    static let once = Events(rawValue: EPOLLONESHOT.rawValue)
    /// Tell one waiting thread rather than all.
    static let exclusive = Events(rawValue: EPOLLEXCLUSIVE.rawValue)
    /// Tell when something new arrives, not while something is there.
    static let edge = Events(rawValue: EPOLLET.rawValue)
}

/// A counter that an event set can watch, see eventfd(2).
final class EventFD: Sendable {
    let descriptor: Int32

    init() throws {
        let flags = EFD_CLOEXEC | EFD_SEMAPHORE | EFD_NONBLOCK
        descriptor = eventfd(0, Int32(flags))
        guard descriptor >= 0 else { throw FastCGIError.last("eventfd") }
    }

    deinit { close(descriptor) }

    /// Counts one up.
    func ring() { eventfd_write(descriptor, 1) }

    /// Counts one down.
    ///
    /// - Returns: Whether there was one to count.
    func answer() -> Bool {
        var count: eventfd_t = 0
        return eventfd_read(descriptor, &count) == 0
    }
}

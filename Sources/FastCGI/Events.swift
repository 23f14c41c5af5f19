import CFastCGI

/// Conditions that `EventSet` reports for a descriptor, and flags that say how it reports them.
///
/// The values are the event bits of epoll_ctl(2).
struct Events: OptionSet {
    let rawValue: UInt32

    /// The descriptor has something to read.
    static let readable = Events(rawValue: EPOLLIN.rawValue)
    /// The descriptor can take more bytes without blocking.
    static let writable = Events(rawValue: EPOLLOUT.rawValue)
    /// The peer has closed its side, or the connection has failed.
    static let closed = Events(
        rawValue: EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue)
    /// The event set reports one event, then nothing until the descriptor is watched again.
    static let once = Events(rawValue: EPOLLONESHOT.rawValue)
    /// The event set wakes one waiting thread rather than all of them.
    static let exclusive = Events(rawValue: EPOLLEXCLUSIVE.rawValue)
    /// The event set reports the descriptor when new data arrives, not for as long as data is
    /// available.
    static let edge = Events(rawValue: EPOLLET.rawValue)
}

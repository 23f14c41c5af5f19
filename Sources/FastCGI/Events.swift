import CFastCGI

/// Conditions that `EventSet` reports for a descriptor, and flags that say how it reports them.
///
/// They are the event bits of epoll_ctl(2).
struct Events: OptionSet {
    let rawValue: UInt32

    /// There is something to read.
    static let readable = Events(rawValue: EPOLLIN.rawValue)
    /// The peer has closed its side.
    static let closed = Events(
        rawValue: EPOLLRDHUP.rawValue | EPOLLHUP.rawValue | EPOLLERR.rawValue)
    /// Report one event, then nothing until the descriptor is watched again.
    static let once = Events(rawValue: EPOLLONESHOT.rawValue)
    /// Wake one waiting thread rather than all.
    static let exclusive = Events(rawValue: EPOLLEXCLUSIVE.rawValue)
    /// Report when new data arrives, not for as long as data is available.
    static let edge = Events(rawValue: EPOLLET.rawValue)
}

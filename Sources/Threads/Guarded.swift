import Glibc

/// A value that one thread at a time may touch, and on which threads can wait.
///
/// A mutex and a condition variable around one value (Hoare's monitor). POSIX threads rather
/// than `Synchronization.Mutex`, because ThreadSanitizer understands them and because only they
/// can wait.
public final class Guarded<State>: @unchecked Sendable {
    // Sendable is proved by hand: `state` is private and read or written only by `withLock` and
    // `wait`, both of which hold `mutex` for the whole of the access. The mutex also makes the
    // run-time check for overlapping accesses needless, which a stored property would pay for.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let state = UnsafeMutablePointer<State>.allocate(capacity: 1)

    /// Makes a monitor that guards a value.
    public init(_ state: sending State) {
        self.state.initialize(to: state)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Runs a body that has the value to itself.
    @inlinable
    public func withLock<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
        lock()
        defer { unlock() }
        return try withState(body)
    }

    /// Sleeps until the condition holds, then runs the body with the value to itself.
    public func wait<Result>(
        until isReady: (State) -> Bool, then body: (inout State) throws -> Result
    ) rethrows -> Result {
        lock()
        defer { unlock() }
        while !isReady(state.pointee) { pthread_cond_wait(condition, mutex) }
        return try body(&state.pointee)
    }

    /// Wakes one thread that sleeps in `wait`.
    public func wakeOne() { pthread_cond_signal(condition) }

    /// Wakes all threads that sleep in `wait`.
    public func wakeAll() { pthread_cond_broadcast(condition) }

    @usableFromInline func lock() { pthread_mutex_lock(mutex) }
    @usableFromInline func unlock() { pthread_mutex_unlock(mutex) }
    @usableFromInline func withState<Result>(
        _ body: (inout State) throws -> Result
    ) rethrows -> Result { try body(&state.pointee) }
}

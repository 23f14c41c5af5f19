import Glibc

/// A value protected by a lock, with a condition variable that threads can wait on.
///
/// This type is a monitor in the sense of C. A. R. Hoare. It uses POSIX mutexes rather than
/// `Synchronization.Mutex`, because ThreadSanitizer understands POSIX mutexes and because
/// `Synchronization.Mutex` has no condition variable.
public final class Guarded<State>: @unchecked Sendable {
    // The compiler cannot prove that this class is Sendable. It is, because `state` is private and
    // only `withLock` and `wait` access it, while they hold `mutex`.
    //
    // `state` is a pointer because the accesses to a stored property would be checked at run time
    // for overlaps, which the mutex already prevents.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let state = UnsafeMutablePointer<State>.allocate(capacity: 1)

    /// Creates a lock that protects a value.
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

    /// Runs a closure with exclusive access to the value.
    @inlinable
    public func withLock<Result>(_ body: (inout State) throws -> Result) rethrows -> Result {
        lock()
        defer { unlock() }
        return try withState(body)
    }

    /// Waits until `isReady` returns true, then runs a closure with exclusive access to the value.
    public func wait<Result>(
        until isReady: (State) -> Bool, then body: (inout State) throws -> Result
    ) rethrows -> Result {
        lock()
        defer { unlock() }
        while !isReady(state.pointee) { pthread_cond_wait(condition, mutex) }
        return try body(&state.pointee)
    }

    /// Wakes one thread that waits in `wait`.
    public func wakeOne() { pthread_cond_signal(condition) }

    /// Wakes all threads that wait in `wait`.
    public func wakeAll() { pthread_cond_broadcast(condition) }

    @usableFromInline func lock() { pthread_mutex_lock(mutex) }
    @usableFromInline func unlock() { pthread_mutex_unlock(mutex) }
    @usableFromInline func withState<Result>(
        _ body: (inout State) throws -> Result
    ) rethrows -> Result { try body(&state.pointee) }
}

import Glibc

/// A thread of the operating system.
///
/// Blocking work (a password hash, a commit, waiting for sockets) runs on separate threads, so that
/// it never blocks Swift's cooperative thread pool.
public struct Thread: Sendable {
    private let identifier: pthread_t

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: The name that `ps -L` and `top -H` show, at most 15 bytes long.
    ///   - niceness: The scheduling priority of this thread alone (see nice(1)).
    ///   - body: The function that the thread runs. The thread ends when this function returns.
    /// - Throws: `ThreadError` if the system cannot start another thread.
    public init(
        named name: String, niceness: Int32 = 0, _ body: @escaping @Sendable () -> Void
    ) throws(ThreadError) {
        let start = Start(name: name, niceness: niceness, body: body)
        var identifier = pthread_t()
        let code = pthread_create(
            &identifier, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                nameThisThread(start.name)
                // On Linux each thread has its own niceness. The ID 0 in setpriority(2) means the
                // calling thread.
                if start.niceness != 0 {
                    setpriority(Int32(bitPattern: PRIO_PROCESS.rawValue), 0, start.niceness)
                }
                start.body()
                return nil
            }, Unmanaged.passRetained(start).toOpaque())
        guard code == 0 else { throw ThreadError(code: code) }
        self.identifier = identifier
    }

    /// Waits for the thread to end.
    ///
    /// Call this method at most once.
    public func join() { pthread_join(identifier, nil) }

    private final class Start: Sendable {
        let name: String
        let niceness: Int32
        let body: @Sendable () -> Void

        init(name: String, niceness: Int32, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.niceness = niceness
            self.body = body
        }
    }
}

/// Sets the name of the calling thread, as pthread_setname_np(3) does.
///
/// Swift cannot call pthread_setname_np(3), because glibc declares it only if `_GNU_SOURCE` is
/// defined.
private func nameThisThread(_ name: String) {
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    var name = name
    _ = name.withUTF8 { write(file, $0.baseAddress, $0.count) }
    close(file)
}

import Glibc

/// A thread of the operating system.
///
/// Work that blocks (a password hash, a commit, a wait for sockets) gets threads of its own, so
/// that Swift's cooperative pool is never held up.
public struct Thread: Sendable {
    private let identifier: pthread_t

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: What `ps -L` and `top -H` show; at most 15 bytes.
    ///   - niceness: The scheduling priority of this thread alone, see nice(1).
    ///   - body: What the thread does. It ends when this returns.
    /// - Throws: `ThreadError` when the system refuses another thread.
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
                // On Linux the niceness belongs to the thread, and 0 means the calling one.
                if start.niceness != 0 {
                    setpriority(Int32(bitPattern: PRIO_PROCESS.rawValue), 0, start.niceness)
                }
                start.body()
                return nil
            }, Unmanaged.passRetained(start).toOpaque())
        guard code == 0 else { throw ThreadError(code: code) }
        self.identifier = identifier
    }

    /// Waits for the thread to end; to be called once at most.
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

/// The system refused to start a thread; see pthread_create(3).
public struct ThreadError: Error, CustomStringConvertible {
    /// The error number that pthread_create(3) returned.
    public let code: Int32

    /// The failed call and its error number.
    public var description: String { "pthread_create: error \(code)" }
}

/// What pthread_setname_np(3) does; Swift cannot call it, since Glibc hides it from plain C.
private func nameThisThread(_ name: String) {
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    var name = name
    _ = name.withUTF8 { write(file, $0.baseAddress, $0.count) }
    close(file)
}

import Glibc

/// The signals of Ctrl-C (SIGINT) and of a lost terminal (SIGHUP), and SIGTERM, which asks a
/// process to end.
enum BlockedSignals {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    /// Runs a closure that these signals do not interrupt.
    ///
    /// A signal that arrives meanwhile takes effect afterwards. Programs that the closure starts
    /// inherit the block (signal(7)), so Ctrl-C does not end them either.
    static func during<Output>(_ body: () throws -> Output) rethrows -> Output {
        var (blocked, before) = (sigset_t(), sigset_t())
        sigemptyset(&blocked)
        for signal in signals { sigaddset(&blocked, signal) }
        pthread_sigmask(SIG_BLOCK, &blocked, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        return try body()
    }
}

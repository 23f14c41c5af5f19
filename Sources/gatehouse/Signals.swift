import Glibc

/// The signals that tell the server something.
///
/// Blocked before the first thread starts, so that every thread inherits the block and only
/// `wait` takes them.
struct Signals {
    /// What the server is told.
    enum Message {
        /// SIGTERM, SIGINT.
        case stop
        /// SIGHUP.
        case reload
    }

    private var set = sigset_t()

    init() {
        sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, signal) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for one of them.
    func wait() -> Message {
        var set = set
        var signal: Int32 = 0
        sigwait(&set, &signal)
        return signal == SIGHUP ? .reload : .stop
    }
}

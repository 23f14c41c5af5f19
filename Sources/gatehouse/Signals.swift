import Glibc
import Settings

/// The signals that stop or reload the server.
///
/// They are blocked before the process starts a second thread. Every thread inherits the block, so
/// only `wait(atMost:)` receives these signals.
struct Signals {
    /// What a signal asks the server to do.
    enum Message {
        /// The server should stop (SIGTERM or SIGINT).
        case stop
        /// The server should reload its settings (SIGHUP).
        case reload
    }

    private var set = sigset_t()

    init() {
        sigemptyset(&set)
        for signal in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&set, signal) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Waits for a signal; returns nil if no signal arrives within `limit`.
    func wait(atMost limit: Duration?) -> Message? {
        var set = set
        while true {
            let signal: Int32
            if let limit {
                var time = timespec(limit)
                signal = sigtimedwait(&set, nil, &time)
            } else {
                signal = sigwaitinfo(&set, nil)
            }
            if signal > 0 { return signal == SIGHUP ? .reload : .stop }
            // EAGAIN means that the time is up. EINTR means that the process was suspended
            // (SIGSTOP) and continued, so wait again.
            if errno == EAGAIN { return nil }
        }
    }
}

extension timespec {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    }
}

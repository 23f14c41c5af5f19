import CFastCGI
import Glibc

/// The global state of libfcgi.
enum LibFCGI {
    /// Initialises libfcgi, once per process.
    ///
    /// libfcgi installs handlers for SIGPIPE, SIGTERM and SIGUSR1 if the process has none. These
    /// handlers only set a flag that the FastCGI module does not read. SIGPIPE is ignored instead,
    /// because by default it would end the process when a peer disconnects.
    static func prepare() { _ = initialised }

    private static let initialised: Int32 = {
        signal(SIGPIPE, SIG_IGN)
        return FCGX_Init()
    }()
}

import Glibc

/// A descriptor that is kept open so that it can be released when no other is left.
///
/// Its number can then be used to accept a connection, send the overload response and close it.
struct ReserveDescriptor {
    private var descriptor: Int32 = -1
    private var lastReport: ContinuousClock.Instant?

    /// Opens the descriptor, which stays closed if none is left.
    mutating func open() { descriptor = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC) }

    /// Closes the descriptor, if it is open.
    mutating func close() {
        _ = Glibc.close(descriptor)
        descriptor = -1
    }

    /// Returns whether the shortage should be reported now: at most once a second.
    mutating func isReportDue() -> Bool {
        if let lastReport, .now - lastReport < .seconds(1) { return false }
        lastReport = .now
        return true
    }
}

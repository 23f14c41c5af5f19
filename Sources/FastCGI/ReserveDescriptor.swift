import Glibc

/// A descriptor that is kept open so that it can be released when no other descriptor is left.
///
/// The released descriptor is used to accept one connection, which receives the overload response
/// and is closed.
struct ReserveDescriptor {
    private var descriptor: Int32 = -1
    private var lastReport: ContinuousClock.Instant?

    /// Opens the descriptor, which stays closed if the system has none left.
    mutating func open() { descriptor = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC) }

    /// Closes the descriptor, if it is open.
    mutating func close() {
        _ = Glibc.close(descriptor)
        descriptor = -1
    }

    /// Returns whether the lack of descriptors should be reported, which is true at most once a
    /// second.
    mutating func isReportDue() -> Bool {
        if let lastReport, .now - lastReport < .seconds(1) { return false }
        lastReport = .now
        return true
    }
}

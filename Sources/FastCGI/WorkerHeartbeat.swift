import Synchronization

/// A counter that shows other threads whether a worker makes progress.
final class WorkerHeartbeat: Sendable {
    private let count = Atomic(1)

    /// The counter, which is even while the worker waits for events and odd while it is busy.
    var value: Int { count.load(ordering: .relaxed) }

    /// Records that the worker has changed from waiting to busy or from busy to waiting.
    func beat() { count.wrappingAdd(1, ordering: .relaxed) }
}

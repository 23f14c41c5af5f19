import Synchronization

/// A counter that shows other threads whether a worker makes progress.
final class WorkerHeartbeat: Sendable {
    private let count = Atomic(1)

    /// Even while the worker waits for events, odd while it is busy.
    var value: Int { count.load(ordering: .relaxed) }

    /// Records that the worker changed between waiting and busy.
    func beat() { count.wrappingAdd(1, ordering: .relaxed) }
}

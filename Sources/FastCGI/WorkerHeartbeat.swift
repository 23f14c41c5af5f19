import Synchronization

/// Shows from outside whether a worker moves.
final class WorkerHeartbeat: Sendable {
    private let count = Atomic(1)

    /// Even while the worker waits for something to do, odd while it does something.
    var value: Int { count.load(ordering: .relaxed) }

    /// The worker turns from the one to the other.
    func beat() { count.wrappingAdd(1, ordering: .relaxed) }
}

import Threads

/// Records the batches that a pool runs, and blocks its threads until it is released.
final class Blocker: Sendable {
    struct State {
        var batches: [[Int]] = []
        var isBlocked = true
    }

    private let state = Guarded(State())

    var batches: [[Int]] { state.withLock(\.batches) }

    @Sendable func perform(_ jobs: [Int]) {
        state.withLock { $0.batches.append(jobs) }
        state.wakeAll()
        state.wait(until: { !$0.isBlocked }, then: { _ in })
    }

    func wait(forJobs count: Int) {
        state.wait(until: { $0.batches.joined().count >= count }, then: { _ in })
    }

    func release() {
        state.withLock { $0.isBlocked = false }
        state.wakeAll()
    }
}

import Testing
import Threads

struct BoundedWorkerPoolTests {
    @Test func `jobs are done in the order of their arrival`() throws {
        let done = Guarded<[Int]>([])
        let pool = try BoundedWorkerPool<Int>(name: "test", threads: 1, capacity: 1000) { jobs in
            done.withLock { $0 += jobs }
        }

        for job in 0..<1000 { #expect(pool.submit(job)) }
        pool.close()

        #expect(done.withLock { $0 } == Array(0..<1000))
    }

    @Test func `a full lane refuses at once and takes again when there is room`() throws {
        let held = Held()
        let pool = try BoundedWorkerPool<Int>(
            name: "test", threads: 1, capacity: 2, serve: held.serve)
        defer { pool.close() }
        #expect(pool.submit(0))
        held.wait(forJobs: 1)

        #expect(pool.submit(1))
        #expect(pool.submit(2))
        #expect(!pool.submit(3))
        held.letGo()
        held.wait(forJobs: 3)

        #expect(pool.submit(4))
    }

    @Test func `a thread takes as many jobs at once as it may, and no more`() throws {
        let held = Held()
        let pool = try BoundedWorkerPool<Int>(
            name: "test", threads: 1, capacity: 10, batch: 4, serve: held.serve)
        #expect(pool.submit(0))
        held.wait(forJobs: 1)

        for job in 1...6 { #expect(pool.submit(job)) }
        held.letGo()
        pool.close()

        #expect(held.batches == [[0], [1, 2, 3, 4], [5, 6]])
    }

    @Test func `each thread of a lane serves`() throws {
        let held = Held()
        let pool = try BoundedWorkerPool<Int>(
            name: "test", threads: 3, capacity: 10, serve: held.serve)

        for job in 0..<3 { #expect(pool.submit(job)) }
        held.wait(forJobs: 3)
        held.letGo()
        pool.close()

        #expect(Set(held.batches) == [[0], [1], [2]])
    }

    @Test func `a lane that closes does what waits and takes nothing more`() throws {
        let held = Held()
        let pool = try BoundedWorkerPool<Int>(
            name: "test", threads: 1, capacity: 10, serve: held.serve)
        for job in 0..<5 { #expect(pool.submit(job)) }
        held.letGo()

        pool.close()
        pool.close()

        #expect(held.batches.count == 5)
        #expect(!pool.submit(5))
    }
}

/// Notes the jobs that a lane hands over, and holds its threads until it lets them go.
private final class Held: Sendable {
    private struct State {
        var batches: [[Int]] = []
        var isHeld = true
    }

    private let state = Guarded(State())

    var batches: [[Int]] { state.withLock(\.batches) }

    @Sendable func serve(_ jobs: [Int]) {
        state.withLock { $0.batches.append(jobs) }
        state.wakeAll()
        state.wait(until: { !$0.isHeld }, then: { _ in })
    }

    func wait(forJobs count: Int) {
        state.wait(until: { $0.batches.joined().count >= count }, then: { _ in })
    }

    func letGo() {
        state.withLock { $0.isHeld = false }
        state.wakeAll()
    }
}

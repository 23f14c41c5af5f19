import Lanes
import Testing

struct LaneTests {
    @Test func `jobs are done in the order of their arrival`() throws {
        let done = Monitor<[Int]>([])
        let lane = try Lane<Int>(name: "test", threads: 1, capacity: 1000) { jobs in
            done.withLock { $0 += jobs }
        }

        for job in 0..<1000 { #expect(lane.submit(job)) }
        lane.close()

        #expect(done.withLock { $0 } == Array(0..<1000))
    }

    @Test func `a full lane refuses at once and takes again when there is room`() throws {
        let held = Held()
        let lane = try Lane<Int>(name: "test", threads: 1, capacity: 2, serve: held.serve)
        defer { lane.close() }
        #expect(lane.submit(0))
        held.wait(forJobs: 1)

        #expect(lane.submit(1))
        #expect(lane.submit(2))
        #expect(!lane.submit(3))
        held.letGo()
        held.wait(forJobs: 3)

        #expect(lane.submit(4))
    }

    @Test func `a thread takes as many jobs at once as it may, and no more`() throws {
        let held = Held()
        let lane = try Lane<Int>(
            name: "test", threads: 1, capacity: 10, batch: 4, serve: held.serve)
        #expect(lane.submit(0))
        held.wait(forJobs: 1)

        for job in 1...6 { #expect(lane.submit(job)) }
        held.letGo()
        lane.close()

        #expect(held.batches == [[0], [1, 2, 3, 4], [5, 6]])
    }

    @Test func `each thread of a lane serves`() throws {
        let held = Held()
        let lane = try Lane<Int>(name: "test", threads: 3, capacity: 10, serve: held.serve)

        for job in 0..<3 { #expect(lane.submit(job)) }
        held.wait(forJobs: 3)
        held.letGo()
        lane.close()

        #expect(Set(held.batches) == [[0], [1], [2]])
    }

    @Test func `a lane that closes does what waits and takes nothing more`() throws {
        let held = Held()
        let lane = try Lane<Int>(name: "test", threads: 1, capacity: 10, serve: held.serve)
        for job in 0..<5 { #expect(lane.submit(job)) }
        held.letGo()

        lane.close()
        lane.close()

        #expect(held.batches.count == 5)
        #expect(!lane.submit(5))
    }
}

/// Notes the jobs that a lane hands over, and holds its threads until it lets them go.
private final class Held: Sendable {
    private struct State {
        var batches: [[Int]] = []
        var isHeld = true
    }

    private let state = Monitor(State())

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

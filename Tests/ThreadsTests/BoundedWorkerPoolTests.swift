import Testing
import Threads

struct BoundedWorkerPoolTests {
    @Test func `jobs run in the order in which they are submitted`() throws {
        let done = Guarded<[Int]>([])
        let pool = try BoundedWorkerPool(
            name: "test", threads: 1, queue: FirstInFirstOut<Int>(capacity: 1000)
        ) { jobs in
            done.withLock { $0 += jobs }
        }

        for job in 0..<1000 { #expect(pool.submit(job) == nil) }
        pool.close()

        #expect(done.withLock { $0 } == Array(0..<1000))
    }

    @Test func `a full pool refuses at once and accepts again when there is room`() throws {
        let blocker = Blocker()
        let pool = try BoundedWorkerPool(
            name: "test", threads: 1, queue: FirstInFirstOut<Int>(capacity: 2),
            perform: blocker.perform)
        defer { pool.close() }
        #expect(pool.submit(0) == nil)
        blocker.wait(forJobs: 1)

        #expect(pool.submit(1) == nil)
        #expect(pool.submit(2) == nil)
        #expect(pool.submit(3) == 3)
        blocker.release()
        blocker.wait(forJobs: 3)

        #expect(pool.submit(4) == nil)
    }

    @Test func `a thread takes a full batch of jobs at once, and no more`() throws {
        let blocker = Blocker()
        let pool = try BoundedWorkerPool(
            name: "test", threads: 1, queue: FirstInFirstOut<Int>(capacity: 10), batch: 4,
            perform: blocker.perform)
        #expect(pool.submit(0) == nil)
        blocker.wait(forJobs: 1)

        for job in 1...6 { #expect(pool.submit(job) == nil) }
        blocker.release()
        pool.close()

        #expect(blocker.batches == [[0], [1, 2, 3, 4], [5, 6]])
    }

    @Test func `each thread of a pool runs jobs`() throws {
        let blocker = Blocker()
        let pool = try BoundedWorkerPool(
            name: "test", threads: 3, queue: FirstInFirstOut<Int>(capacity: 10),
            perform: blocker.perform)

        for job in 0..<3 { #expect(pool.submit(job) == nil) }
        blocker.wait(forJobs: 3)
        blocker.release()
        pool.close()

        #expect(Set(blocker.batches) == [[0], [1], [2]])
    }

    @Test func `closing a pool finishes the waiting jobs and refuses new ones`() throws {
        let blocker = Blocker()
        let pool = try BoundedWorkerPool(
            name: "test", threads: 1, queue: FirstInFirstOut<Int>(capacity: 10),
            perform: blocker.perform)
        for job in 0..<5 { #expect(pool.submit(job) == nil) }
        blocker.release()

        pool.close()
        pool.close()

        #expect(blocker.batches.count == 5)
        #expect(pool.submit(5) == 5)
    }
}

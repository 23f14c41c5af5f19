import Threads

/// A bounded queue in which no requester can crowd out another one.
///
/// Owners come before strangers, and these before signups. Requesters of one kind take turns. Every
/// eighth job is the oldest one of all kinds, so that each job runs at some time.
///
/// If the queue is full, a job of the least urgent kind gives up its place: the newest one of the
/// requester that has most of them. So a requester with few waiting jobs is refused only if the
/// queue is full of others that have no more than one job more.
struct FairQueue<Work: Sendable>: JobQueue {
    struct Job: Sendable {
        let requester: Requester
        let work: Work
    }

    /// The waiting jobs of one requester, the oldest first.
    private struct Line {
        let requester: Requester
        var jobs: [(number: Int, work: Work)]
        /// The number of the oldest job.
        var first: Int { jobs.first?.number ?? .max }
    }

    /// How many jobs are taken for one that is taken because it is the oldest.
    static var turnOfOldest: Int { 8 }

    private let capacity: Int
    /// The lines of each kind, the least urgent kind first; within a kind, the next turn first.
    private var lines = [[Line]](repeating: [], count: Requester.Kind.allCases.count)
    private(set) var count = 0
    private var added = 0
    private var taken = 0

    /// Creates an empty queue for at most `capacity` jobs.
    init(capacity: Int) { self.capacity = capacity }

    mutating func add(_ job: Job) -> Job? {
        var replaced: Job?
        if count >= capacity {
            replaced = removeNewest(for: job.requester)
            if replaced == nil { return job }
        }
        let kind = job.requester.kind.rawValue
        added += 1
        count += 1
        if let index = lines[kind].firstIndex(where: { $0.requester == job.requester }) {
            lines[kind][index].jobs.append((added, job.work))
        } else {
            lines[kind].append(Line(requester: job.requester, jobs: [(added, job.work)]))
        }
        return replaced
    }

    mutating func removeNext(_ maximum: Int) -> [Job] {
        var jobs: [Job] = []
        while jobs.count < maximum, let job = removeNext() { jobs.append(job) }
        return jobs
    }

    private mutating func removeNext() -> Job? {
        taken += 1
        let isOldest = taken.isMultiple(of: Self.turnOfOldest)
        guard let (kind, index) = isOldest ? oldest : mostUrgent else { return nil }
        var line = lines[kind].remove(at: index)
        let work = line.jobs.removeFirst().work
        if !line.jobs.isEmpty { lines[kind].append(line) }
        count -= 1
        return Job(requester: line.requester, work: work)
    }

    private var mostUrgent: (kind: Int, index: Int)? {
        lines.lastIndex { !$0.isEmpty }.map { ($0, 0) }
    }

    private var oldest: (kind: Int, index: Int)? {
        lines.indices.lazy
            .flatMap { kind in lines[kind].indices.map { (kind: kind, index: $0) } }
            .min { lines[$0.kind][$0.index].first < lines[$1.kind][$1.index].first }
    }

    /// Removes and returns the job that gives up its place for a new one; `nil` if none does.
    private mutating func removeNewest(for requester: Requester) -> Job? {
        guard let kind = lines.firstIndex(where: { !$0.isEmpty }), kind <= requester.kind.rawValue,
            let index = lines[kind].indices.max(by: {
                lines[kind][$0].jobs.count < lines[kind][$1].jobs.count
            })
        else { return nil }
        var line = lines[kind][index]
        if kind == requester.kind.rawValue {
            let own = lines[kind].first { $0.requester == requester }?.jobs.count ?? 0
            guard own + 1 < line.jobs.count else { return nil }
        }
        let work = line.jobs.removeLast().work
        if line.jobs.isEmpty { lines[kind].remove(at: index) } else { lines[kind][index] = line }
        count -= 1
        return Job(requester: line.requester, work: work)
    }
}

import Threads

/// A bounded queue in which no requester can crowd out another.
///
/// Owners come before strangers, and strangers before signups (`Requester.Kind`). Within a kind,
/// networks take turns, and within a network, accounts take turns. Every eighth job is the oldest
/// job of all kinds, so that each job runs eventually.
///
/// If the queue is full, a waiting job can be removed to make room for a new job. The first of
/// these rules that applies decides which:
///
/// 1. If jobs of a less urgent kind are waiting, a job of the least urgent kind is removed.
/// 2. If a network has at least two more jobs, of the new job's kind or a more urgent kind, than
///    the new job's network has of the new job's kind, a job of that network is removed.
/// 3. If an account of the new job's network has at least two more jobs than the new job's account,
///    a job of that account is removed.
///
/// Rules 1 and 2 choose the network with the most jobs of the kind. Every rule removes the newest
/// job of the account with the most jobs in the network. If no rule applies, the new job is
/// refused.
struct FairQueue<Work: Sendable>: JobQueue {
    struct Job: Sendable {
        let requester: Requester
        let work: Work
    }

    /// One in this many jobs is the oldest job of all kinds, regardless of turns.
    static var turnOfOldest: Int { 8 }

    private let capacity: Int
    /// The lines of each kind, the least urgent kind first; within a kind, in the order of turns.
    private var lines = [[Line]](repeating: [], count: Requester.Kind.allCases.count)
    private(set) var count = 0
    private var added = 0
    private var taken = 0

    /// Creates an empty queue for at most `capacity` jobs.
    init(capacity: Int) { self.capacity = capacity }

    mutating func add(_ job: Job) -> Job? {
        var displaced: Job?
        if count >= capacity {
            displaced = removeNewest(for: job.requester)
            if displaced == nil { return job }
        }
        let kind = job.requester.kind.rawValue
        added += 1
        count += 1
        let index = index(of: job.requester) ?? lines[kind].endIndex
        if index == lines[kind].endIndex { lines[kind].append(Line(job.requester)) }
        lines[kind][index].append(job.work, number: added, of: job.requester.account)
        return displaced
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
        let job = isOldest ? line.removeOldest() : line.removeNext()
        if line.count > 0 { lines[kind].append(line) }
        if job != nil { count -= 1 }
        return job
    }

    private var mostUrgent: (kind: Int, index: Int)? {
        lines.lastIndex { !$0.isEmpty }.map { ($0, 0) }
    }

    private var oldest: (kind: Int, index: Int)? {
        lines.indices.lazy
            .flatMap { kind in lines[kind].indices.map { (kind: kind, index: $0) } }
            .min { lines[$0.kind][$0.index].oldest < lines[$1.kind][$1.index].oldest }
    }

    /// Removes and returns the job that makes room for a new job; `nil` if no job does.
    private mutating func removeNewest(for requester: Requester) -> Job? {
        let own = requester.kind.rawValue
        if let lower = lines[..<own].firstIndex(where: { !$0.isEmpty }),
            let index = longest(of: lower)
        {
            return removeNewest(ofKind: lower, index)
        }
        let ownLine = index(of: requester)
        let ownCount = ownLine.map { lines[own][$0].count } ?? 0
        for kind in own..<lines.count {
            if let index = longest(of: kind), lines[kind][index].count > ownCount + 1 {
                return removeNewest(ofKind: kind, index)
            }
        }
        guard let ownLine, lines[own][ownLine].hasRoom(for: requester.account) else { return nil }
        return removeNewest(ofKind: own, ownLine)
    }

    private mutating func removeNewest(ofKind kind: Int, _ index: Int) -> Job? {
        guard let job = lines[kind][index].removeNewest() else { return nil }
        if lines[kind][index].count == 0 { lines[kind].remove(at: index) }
        count -= 1
        return job
    }

    private func index(of requester: Requester) -> Int? {
        lines[requester.kind.rawValue].firstIndex { $0.network == requester.network }
    }

    private func longest(of kind: Int) -> Int? {
        lines[kind].indices.max { lines[kind][$0].count < lines[kind][$1].count }
    }
}

extension FairQueue {
    /// The waiting jobs of one network, whose accounts take turns.
    private struct Line {
        private struct Account {
            let name: String
            /// The jobs with their numbers, the oldest first.
            var jobs: [(number: Int, work: Work)]
        }

        let network: String
        private let kind: Requester.Kind
        /// The accounts that have jobs, in the order of turns.
        private var accounts: [Account] = []
        private(set) var count = 0

        /// Creates an empty line for the network and the kind of a requester.
        init(_ requester: Requester) {
            network = requester.network
            kind = requester.kind
        }

        /// The number of the oldest job.
        var oldest: Int { accounts.lazy.compactMap(\.jobs.first?.number).min() ?? .max }

        /// Whether some account has at least two more jobs than `account`, so that one of its jobs
        /// can be removed to make room for a job of `account`.
        func hasRoom(for account: String) -> Bool {
            let own = accounts.first { $0.name == account }?.jobs.count ?? 0
            return accounts.contains { $0.jobs.count > own + 1 }
        }

        mutating func append(_ work: Work, number: Int, of account: String) {
            count += 1
            if let index = accounts.firstIndex(where: { $0.name == account }) {
                accounts[index].jobs.append((number, work))
            } else {
                accounts.append(Account(name: account, jobs: [(number, work)]))
            }
        }

        /// Removes the oldest job of the account whose turn it is.
        mutating func removeNext() -> Job? {
            accounts.isEmpty ? nil : removeFirst(at: 0)
        }

        /// Removes the oldest job of all.
        mutating func removeOldest() -> Job? {
            let oldest = oldest
            return accounts.firstIndex { $0.jobs.first?.number == oldest }.flatMap {
                removeFirst(at: $0)
            }
        }

        /// Removes the newest job of the account that has the most jobs.
        mutating func removeNewest() -> Job? {
            guard
                let index = accounts.indices.max(by: {
                    accounts[$0].jobs.count < accounts[$1].jobs.count
                }), let job = accounts[index].jobs.popLast()
            else { return nil }
            let name = accounts[index].name
            if accounts[index].jobs.isEmpty { accounts.remove(at: index) }
            return taken(job.work, of: name)
        }

        private mutating func removeFirst(at index: Int) -> Job? {
            var account = accounts.remove(at: index)
            let work = account.jobs.removeFirst().work
            if !account.jobs.isEmpty { accounts.append(account) }
            return taken(work, of: account.name)
        }

        private mutating func taken(_ work: Work, of account: String) -> Job {
            count -= 1
            let requester = Requester(kind: kind, network: network, account: account)
            return Job(requester: requester, work: work)
        }
    }
}

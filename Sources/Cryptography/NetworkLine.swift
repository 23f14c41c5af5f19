/// The waiting jobs of one network in a `FairQueue`, whose accounts take turns.
struct NetworkLine<Work: Sendable> {
    private struct Account {
        let name: String
        /// The jobs with their numbers, the oldest first.
        var jobs: [(number: Int, work: Work)]
    }

    let network: String
    private let kind: Requester.Kind
    /// The accounts that have jobs, the next turn first.
    private var accounts: [Account] = []
    private(set) var count = 0

    /// Creates an empty line for the network and the kind of a requester.
    init(_ requester: Requester) {
        network = requester.network
        kind = requester.kind
    }

    /// The number of the oldest job.
    var oldest: Int { accounts.lazy.compactMap(\.jobs.first?.number).min() ?? .max }

    /// Whether an account has at least two jobs less than another one, which may give up one.
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
    mutating func removeNext() -> FairQueue<Work>.Job? {
        accounts.isEmpty ? nil : removeFirst(at: 0)
    }

    /// Removes the oldest job of all.
    mutating func removeOldest() -> FairQueue<Work>.Job? {
        let oldest = oldest
        return accounts.firstIndex { $0.jobs.first?.number == oldest }.flatMap {
            removeFirst(at: $0)
        }
    }

    /// Removes the newest job of the account that has most of them.
    mutating func removeNewest() -> FairQueue<Work>.Job? {
        guard
            let index = accounts.indices.max(by: {
                accounts[$0].jobs.count < accounts[$1].jobs.count
            }), let job = accounts[index].jobs.popLast()
        else { return nil }
        let name = accounts[index].name
        if accounts[index].jobs.isEmpty { accounts.remove(at: index) }
        return taken(job.work, of: name)
    }

    private mutating func removeFirst(at index: Int) -> FairQueue<Work>.Job? {
        var account = accounts.remove(at: index)
        let work = account.jobs.removeFirst().work
        if !account.jobs.isEmpty { accounts.append(account) }
        return taken(work, of: account.name)
    }

    private mutating func taken(_ work: Work, of account: String) -> FairQueue<Work>.Job {
        count -= 1
        let requester = Requester(kind: kind, network: network, account: account)
        return FairQueue.Job(requester: requester, work: work)
    }
}

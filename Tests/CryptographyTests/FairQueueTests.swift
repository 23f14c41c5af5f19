import SplitMix
import Testing

@testable import Cryptography

struct FairQueueTests {
    @Test func `owners come first and signups last`() {
        var queue = FairQueue<Int>(capacity: 10)
        queue.add(1, for: .signup(network: "192.0.2.1"))
        queue.add(2, for: .stranger(network: "192.0.2.1"))
        queue.add(3, for: .owner(of: "john", network: "192.0.2.1"))
        queue.add(4, for: .stranger(network: "192.0.2.2"))

        #expect(queue.removeNext(10).map(\.work) == [3, 2, 4, 1])
    }

    @Test func `networks take turns, however much one of them asks for`() {
        var queue = FairQueue<Int>(capacity: 100)
        for work in 1...5 { queue.add(work, for: .stranger(network: "192.0.2.1")) }
        queue.add(11, for: .stranger(network: "192.0.2.2"))
        queue.add(12, for: .stranger(network: "192.0.2.2"))

        #expect(queue.removeNext(5).map(\.work) == [1, 11, 2, 12, 3])
    }

    @Test func `the accounts of one network take turns, however many others the network has`() {
        var queue = FairQueue<Int>(capacity: 100)
        for work in 1...3 { queue.add(work, for: .owner(of: "eve", network: "192.0.2.1")) }
        queue.add(11, for: .owner(of: "john", network: "192.0.2.1"))
        queue.add(21, for: .owner(of: "ann", network: "192.0.2.2"))

        #expect(queue.removeNext(5).map(\.work) == [1, 21, 11, 2, 3])
    }

    @Test func `every eighth job is the oldest, so that a signup runs at some time`() {
        var queue = FairQueue<Int>(capacity: 100)
        queue.add(0, for: .signup(network: "192.0.2.1"))
        for work in 1...20 { queue.add(work, for: .owner(of: "\(work)", network: "\(work)")) }

        #expect(queue.removeNext(9).map(\.work) == [1, 2, 3, 4, 5, 6, 7, 0, 8])
    }

    @Test func `in a full queue, the newest job of the busiest network gives up its place`() {
        var queue = FairQueue<Int>(capacity: 5)
        for work in 1...4 { queue.add(work, for: .stranger(network: "192.0.2.1")) }
        queue.add(5, for: .stranger(network: "192.0.2.2"))

        #expect(queue.add(6, for: .stranger(network: "192.0.2.1")) == 6)
        #expect(queue.add(7, for: .stranger(network: "192.0.2.3")) == 4)
        #expect(queue.add(8, for: .stranger(network: "192.0.2.3")) == 3)
        // Now no network has two jobs more than another one.
        #expect(queue.add(9, for: .stranger(network: "192.0.2.2")) == 9)
        #expect(queue.add(10, for: .stranger(network: "192.0.2.4")) == 2)
        #expect(queue.count == 5)
    }

    @Test
    func `in a full queue, a signup gives up its place for a login, and a stranger for an owner`() {
        var queue = FairQueue<Int>(capacity: 2)
        queue.add(1, for: .signup(network: "192.0.2.1"))
        queue.add(2, for: .stranger(network: "192.0.2.2"))

        #expect(queue.add(3, for: .stranger(network: "192.0.2.2")) == 1)
        #expect(queue.add(4, for: .signup(network: "192.0.2.2")) == 3)
        #expect(queue.add(5, for: .owner(of: "john", network: "192.0.2.3")) == 4)
        #expect(queue.add(6, for: .owner(of: "ann", network: "192.0.2.4")) == 2)
        #expect(queue.add(7, for: .stranger(network: "192.0.2.5")) == 7)
        #expect(queue.removeNext(10).map(\.work) == [5, 6])
    }

    @Test func `one owner who fills the queue keeps nobody out`() {
        var queue = FairQueue<Int>(capacity: 6)
        for work in 1...6 { queue.add(work, for: .owner(of: "eve", network: "192.0.2.1")) }

        #expect(queue.add(11, for: .owner(of: "john", network: "192.0.2.1")) == 6)
        #expect(queue.add(12, for: .owner(of: "ann", network: "192.0.2.2")) == 5)
        #expect(queue.add(13, for: .stranger(network: "192.0.2.1")) == 4)
        #expect(queue.add(14, for: .signup(network: "192.0.2.3")) == 3)
        #expect(queue.add(15, for: .owner(of: "eve", network: "192.0.2.1")) == 14)
    }

    @Test func `no random order loses a job or refuses a requester with less than its share`() {
        var random = SplitMix()
        for capacity in [1, 2, 7, 32] {
            var queue = FairQueue<Int>(capacity: capacity)
            var waiting: [Int: Requester] = [:]
            for number in 1...5_000 {
                let network = "\(Int.random(in: 1...6, using: &random))"
                let account = "\(Int.random(in: 1...3, using: &random))"
                let requester =
                    switch Int.random(in: 0...2, using: &random) {
                    case 0: Requester.signup(network: network)
                    case 1: Requester.stranger(network: network)
                    default: Requester.owner(of: account, network: network)
                    }
                if Int.random(in: 0...2, using: &random) > 0 {
                    if let refused = queue.add(number, for: requester) {
                        #expect(waiting.count == capacity)
                        if refused == number { expectFair(waiting.values, for: requester) }
                        waiting[number] = requester
                        #expect(waiting.removeValue(forKey: refused) != nil)
                    } else {
                        waiting[number] = requester
                    }
                } else if let job = queue.removeNext(1).first {
                    #expect(waiting.removeValue(forKey: job.work) == job.requester)
                }
                #expect(queue.count == waiting.count)
            }
            #expect(Set(queue.removeNext(capacity).map(\.work)) == Set(waiting.keys))
        }
    }

    /// Expects that nobody less urgent waits, and that no network or account has more than one job
    /// more than those of the requester.
    private func expectFair(
        _ waiting: Dictionary<Int, Requester>.Values, for requester: Requester
    ) {
        #expect(waiting.allSatisfy { $0.kind.rawValue >= requester.kind.rawValue })
        let lines = Dictionary(grouping: waiting) {
            Requester(kind: $0.kind, network: $0.network, account: "")
        }
        let own = Requester(kind: requester.kind, network: requester.network, account: "")
        let ownCount = lines[own]?.count ?? 0
        #expect(lines.values.allSatisfy { $0.count <= ownCount + 1 })
        let accounts = Dictionary(grouping: lines[own] ?? [], by: \.account).mapValues(\.count)
        let most = accounts.values.max() ?? 0
        #expect(most <= (accounts[requester.account] ?? 0) + 1)
    }
}

extension FairQueue {
    /// Adds work and returns the work that is refused for it.
    @discardableResult
    fileprivate mutating func add(_ work: Work, for requester: Requester) -> Work? {
        add(Job(requester: requester, work: work))?.work
    }
}

import Identity
import SplitMix
import Testing

/// What every store must do with failures.
struct StoreFailureCountersTests {
    @Test(arguments: StoreFactory.all)
    func `failures are stored under their key until they are deleted`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let keys: [FailureCounter.Key] = [.min, -1, 0, .max]
            let find: @Sendable () async throws -> [FailureCounter?] = {
                try await store.read { rows in try keys.map { try rows.failureCounter($0) } }
            }
            #expect(try await find() == [nil, nil, nil, nil])

            let first = FailureCounter(
                count: 1, lastAt: Timestamp(milliseconds: 2), nextAt: Timestamp(milliseconds: 3))
            try await store.write { rows in
                for key in keys { try rows.setFailureCounter(first, key) }
            }
            #expect(try await find() == [first, first, first, first])

            let later = FailureCounter(
                count: 4, lastAt: Timestamp(milliseconds: 5), nextAt: Timestamp(milliseconds: 6))
            try await store.write { rows in
                try rows.setFailureCounter(later, -1)
                try rows.setFailureCounter(nil, 0)
                try rows.setFailureCounter(nil, 99)
            }
            #expect(try await find() == [first, later, nil, first])
        }
    }

    @Test(arguments: StoreFactory.all)
    func `a purge deletes counters from before the moment, at most its limit at a time`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            try await store.write { try $0.fail(at: 1...6) }
            let purge: @Sendable (Int64, Int) async throws -> [Int64] = { moment, limit in
                try await store.write { rows in
                    try rows.purgeFailures(
                        before: Timestamp(seconds: moment), bound: 100, limit: limit)
                    return try rows.failed(at: 1...6)
                }
            }

            #expect(try await purge(1, 10) == [1, 2, 3, 4, 5, 6])
            #expect(try await purge(5, 0) == [1, 2, 3, 4, 5, 6])
            #expect(try await purge(5, -1) == [1, 2, 3, 4, 5, 6])
            #expect(try await purge(5, 3) == [4, 5, 6])
            #expect(try await purge(5, 3) == [5, 6])
            #expect(try await purge(5, 3) == [5, 6])
            #expect(try await purge(9, 3) == [])
        }
    }

    @Test(arguments: StoreFactory.all)
    func `a purge deletes the oldest counters beyond the bound, at most its limit at a time`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            try await store.write { try $0.fail(at: 1...8) }
            let purge: @Sendable (Int, Int) async throws -> [Int64] = { bound, limit in
                try await store.write { rows in
                    try rows.purgeFailures(
                        before: Timestamp(seconds: 2), bound: bound, limit: limit)
                    return try rows.failed(at: 1...8)
                }
            }

            // The first is too old, whatever the bound; it counts among those of the limit.
            #expect(try await purge(6, 1) == [2, 3, 4, 5, 6, 7, 8])
            #expect(try await purge(7, 10) == [2, 3, 4, 5, 6, 7, 8])
            #expect(try await purge(5, 10) == [4, 5, 6, 7, 8])
            #expect(try await purge(.max, 10) == [4, 5, 6, 7, 8])
            #expect(try await purge(1, 3) == [7, 8])
            #expect(try await purge(1, 3) == [8])
            #expect(try await purge(0, 3) == [])
            #expect(try await purge(0, 3) == [])
        }
    }

    /// Random steps, some undone, beside a dictionary that does the same.
    @Test(arguments: StoreFactory.all)
    func `a purge counts correctly after counters are stored, deleted and rolled back`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            var random = SplitMix()
            var model: [FailureCounter.Key: Int64] = [:]
            for second in Int64(1)...2_000 {
                let key = Int64.random(in: 1...40, using: &random)
                let isForgotten = Int.random(in: 0..<4, using: &random) == 0
                let isUndone = Int.random(in: 0..<4, using: &random) == 0
                let moment = second - .random(in: 20...60, using: &random)
                let bound = Int.random(in: 5...30, using: &random)
                let limit = Int.random(in: 0...4, using: &random)

                let left = try? await store.write { rows in
                    try rows.setFailureCounter(isForgotten ? nil : .sample(second), key)
                    try rows.purgeFailures(
                        before: Timestamp(seconds: moment), bound: bound, limit: limit)
                    if isUndone { throw StoreTransactionsTests.Mishap() }
                    return try rows.failed(under: 1...40)
                }

                guard !isUndone else { continue }
                model[key] = isForgotten ? nil : second
                let oldest = model.sorted { $0.value < $1.value }
                let excess = oldest.count - bound
                for (index, entry) in oldest.prefix(limit).enumerated()
                where entry.value < moment || index < excess {
                    model[entry.key] = nil
                }
                try #require(left == model, "second \(second)")
            }
        }
    }
}

extension FailureCounter {
    fileprivate static func sample(_ second: Int64) -> FailureCounter {
        FailureCounter(
            count: 1, lastAt: Timestamp(seconds: second), nextAt: Timestamp(seconds: second + 1))
    }
}

extension Rows {
    /// The seconds of those failures that are there, where the keys are the seconds.
    fileprivate func failed(at seconds: ClosedRange<Int64>) throws -> [Int64] {
        try failed(under: seconds).values.sorted()
    }

    /// The second of the last failure under each key that is there.
    fileprivate func failed(
        under keys: ClosedRange<FailureCounter.Key>
    ) throws -> [FailureCounter.Key: Int64] {
        var seconds: [FailureCounter.Key: Int64] = [:]
        for key in keys { seconds[key] = try failureCounter(key)?.lastAt.seconds }
        return seconds
    }
}

extension WritableRows {
    /// Adds a failure for each second, under a key of that number, not in their order.
    fileprivate func fail(at seconds: ClosedRange<Int64>) throws {
        for second in seconds.reversed() { try setFailureCounter(.sample(second), second) }
    }
}

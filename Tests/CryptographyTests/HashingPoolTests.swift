import Glibc
import Testing
import Threads

@testable import Cryptography

struct HashingPoolTests {
    @Test func `a full pool refuses at once and finishes the accepted jobs`() async throws {
        // A hash takes about 200 ms, so the pool is still busy when the last of the sixteen is submitted.
        let hasher = try PasswordHasher(scheme: .bcrypt(cost: 12), threads: 1, capacity: 1)
        defer { hasher.close() }

        let outcomes = await withTaskGroup(of: String.self) { group in
            for _ in 1...16 {
                group.addTask {
                    do {
                        return try await hasher.hash("John@123", for: .commandLine)
                    } catch {
                        return error is PasswordHasher.Busy ? "busy" : "\(error)"
                    }
                }
            }
            return await group.reduce(into: [String]()) { $0.append($1) }
        }

        #expect(outcomes.first == "busy")
        let hashes = outcomes.filter { $0 != "busy" }
        #expect((1...15).contains(hashes.count))
        for hash in hashes { #expect(hash.hasPrefix("$2b$12$") && hash.utf8.count == 60) }
    }

    @Test func `a closed hasher finishes the accepted jobs and refuses others`() async throws {
        let hasher = try PasswordHasher(scheme: .bcrypt(cost: 8), threads: 2, capacity: 64)
        let hash = try await hasher.hash("John@123", for: .commandLine)
        async let last = hasher.verify("John@123", against: hash, for: .commandLine)
        let isRight: Bool
        do { isRight = try await last } catch is PasswordHasher.Busy { isRight = true }

        hasher.close()

        #expect(isRight)
        await #expect(throws: PasswordHasher.Busy.self) {
            try await hasher.hash("John@123", for: .commandLine)
        }
        await #expect(throws: PasswordHasher.Busy.self) {
            try await hasher.verify("John@123", against: nil, for: .commandLine)
        }
    }

    @Test func `hashing threads, and no others, have niceness 5`() async throws {
        let hasher = try PasswordHasher(scheme: .bcrypt(cost: 4), threads: 3, capacity: 8)
        defer { hasher.close() }

        // A thread sets its name and then its priority after init has returned, so poll for both.
        var threads = ThreadStatus.all()
        for _ in 1...10_000 {
            let hashing = threads.filter(\.isHashing)
            if hashing.count >= 3, hashing.allSatisfy({ $0.niceness == 5 }) { break }
            sched_yield()
            threads = ThreadStatus.all()
        }

        #expect(threads.count(where: \.isHashing) >= 3)
        for thread in threads {
            #expect((thread.niceness == 5) == thread.isHashing, "\(thread)")
        }
    }

    @Test(arguments: [PasswordHasher.Scheme.bcrypt(cost: 8), .yescrypt(cost: 3)])
    func `a missing account, a wrong password and an overlong password take the same time`(
        scheme: PasswordHasher.Scheme
    ) throws {
        let decoy = try Crypt.makeSetting(prefix: scheme.prefix, cost: scheme.cost)
        let setting = try Crypt.makeSetting(prefix: scheme.prefix, cost: scheme.cost)
        let hash = CryptString(try Crypt.hash("John@123", setting: setting))
        let md5 = CryptString("$1$QWl2iI6L$Q0fGGslQnbCciTdd9aLVs/")
        let cases: [(password: String, hash: CryptString?)] = [
            ("wrong", hash), ("John@123", nil), ("", nil), ("John@123\0", hash),
            (String(repeating: "x", count: 300), hash), (String(repeating: "x", count: 600), nil),
            ("John@123", CryptString("garbage")), ("John@123", CryptString("ThisIsGarbage")),
            ("wrong", CryptString("*0")), ("wrong", CryptString("$2b$99$")), ("wrong", md5),
        ]

        // Use the minimum of several rounds, because other load on the machine only adds time.
        var times = [Double](repeating: .infinity, count: cases.count)
        for _ in 1...7 {
            for (index, one) in cases.enumerated() {
                let start = processorTime()
                #expect(try !PasswordHasher.matches(one.password, one.hash, decoy: decoy))
                times[index] = min(times[index], processorTime() - start)
            }
        }

        for (one, time) in zip(cases, times) {
            #expect((0.6...1.7).contains(time / times[0]), "\(one) took \(time) of \(times[0]) s")
        }
    }

    static let cheaper: [(hash: String, scheme: PasswordHasher.Scheme)] = [
        ("$2b$04$lNdhLs.CQLuPLdfzd0mXrOe7j2Gg2/bcNVqkZWbhLjtcv4fhtgAre", .bcrypt(cost: 9)),
        ("$2a$08$lNdhLs.CQLuPLdfzd0mXrOe7j2Gg2/bcNVqkZWbhLjtcv4fhtgAre", .bcrypt(cost: 9)),
        (
            "$y$j75$z7ztFz2FayrKI79/jEwlL.$u5x/j193MQ09wbFaRGYr0AH/A/jh3kunjuhYRVRNkmC",
            .bcrypt(cost: 9)
        ),
        ("$2b$04$lNdhLs.CQLuPLdfzd0mXrOe7j2Gg2/bcNVqkZWbhLjtcv4fhtgAre", .yescrypt(cost: 5)),
        (
            "$y$j75$z7ztFz2FayrKI79/jEwlL.$u5x/j193MQ09wbFaRGYr0AH/A/jh3kunjuhYRVRNkmC",
            .yescrypt(cost: 5)
        ),
    ]

    @Test(arguments: cheaper)
    func `a wrong password takes as long with a cheaper hash as without an account`(
        hash: String, scheme: PasswordHasher.Scheme
    ) throws {
        let decoy = try Crypt.makeSetting(prefix: scheme.prefix, cost: scheme.cost)
        let decoyTime = Guarded<Double?>(nil)
        func time(_ hash: String?) throws -> Double {
            let start = processorTime()
            _ = try PasswordHasher.matches(
                "wrong", hash.map(CryptString.init), decoy: decoy, decoyTime: decoyTime)
            return processorTime() - start
        }

        // Use the minimum of several rounds, because other load on the machine only adds time.
        var (missing, cheap) = (Double.infinity, Double.infinity)
        for _ in 1...9 {
            missing = min(missing, try time(nil))
            cheap = min(cheap, try time(hash))
        }

        #expect((0.75...1.35).contains(cheap / missing), "\(cheap) of \(missing) s")
    }

    /// Returns the CPU time of the calling thread in seconds.
    private func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

import Testing

@testable import Cryptography

struct HashLimitTests {
    private static let salt = ".xTnSiE4.inEBrzxVkV4Pu"
    private static let rest = "IJhz7IwhYQ1cAmjTW5EqgfOVTtc6ps6"
    private static let body = "$LdJMENpBABJJ3hIHjB1Bi.$HboGM6qPrsK.StKYGt6KErmUYtioHreJd98oIugoNB6"

    @Test(arguments: 4...31)
    func `bcrypt is allowed up to cost 16, which takes about four seconds`(cost: Int) {
        let hash = "$2b$\(cost < 10 ? "0" : "")\(cost)$\(Self.salt)\(Self.rest)"

        #expect((HashLimit.standard.excess(of: hash) == nil) == (cost <= 16))
    }

    // yescrypt's costs 1 to 11 need 1 to 1024 MiB in libxcrypt.
    static let memories: [(String, Int?)] = [
        ("$y$j75", nil), ("$y$j9T", nil), ("$y$jAT", nil), ("$y$jBT", nil), ("$y$jCT", nil),
        ("$y$jDT", 256), ("$y$jET", 512), ("$y$jFT", 1024), ("$gy$jFT", 1024),
        // p = 11, as in yescrypt's own tests.
        ("$y$jD5.7", nil),
        // The largest r with one digit, and r = 49 with two digits.
        ("$y$jBj", nil), ("$y$jEk.", 784),
        ("$7$CU..../....x", nil), ("$7$FU..../....x", 512),
    ]

    @Test(arguments: memories)
    func `a hash needs at most the memory of the setting`(options: String, mebibytes: Int?) {
        let excess = HashLimit.standard.excess(of: options + Self.body)

        #expect(excess == mebibytes.map { .memory(mebibytes: $0) })
        #expect(HashLimit(memory: mebibytes ?? 128).excess(of: options + Self.body) == nil)
    }

    @Test(arguments: [
        // t = 1 + 47 and p = 2 + 47 with little memory.
        "$y$jGT", "$y$jCT/j", "$y$jCT.j", "$y$jCT0jj", "$7$AU....zzzz.x",
        "$6$rounds=999999999$salt$x",
        "$5$rounds=99999999$salt$x", "$sha1$99999999$salt$x", "$md5,rounds=99999999$salt$x",
        "$2a$17$salt", "$2x$31$salt", "$2y$99$salt",
    ])
    func `a hash that takes longer than a few seconds is beyond the limit`(hash: String) {
        let excess = HashLimit(memory: 16_384).excess(
            of: hash.hasPrefix("$y") ? hash + Self.body : hash)

        guard case .time = excess else {
            Issue.record("\(hash): \(String(describing: excess))")
            return
        }
    }

    @Test func `hashes as the settings make them are always allowed`() throws {
        let hash = "$y$jFT" + Self.body
        #expect(HashLimit.standard.excess(of: hash) == .memory(mebibytes: 1024))
        #expect(HashLimit(memory: 16, raisedFor: .yescrypt(cost: 11)).excess(of: hash) == nil)
        #expect(HashLimit(memory: 16, raisedFor: .bcrypt(cost: 15)).memory == 16)
    }

    @Test(arguments: ["$2b$31$\(salt)\(rest)", "$y$jGT\(body)", "$6$rounds=999999999$salt$x"])
    func `a hash beyond the limit matches nothing, without being computed`(hash: String)
        async throws
    {
        let hasher = try PasswordHasher(scheme: .bcrypt(cost: 4), threads: 1, capacity: 4)
        defer { hasher.close() }

        // If the hash were computed, the test would take hours.
        #expect(try await !hasher.verify("John@123", against: hash, for: .commandLine))
        #expect(hasher.isBeyondLimit(hash))
    }

    @Test func `passwords that wait when the program stops are not hashed`() async throws {
        let hasher = try PasswordHasher(scheme: .bcrypt(cost: 12), threads: 1, capacity: 32)
        defer { hasher.close() }
        hasher.refuseWaiting(after: .zero)

        await #expect(throws: PasswordHasher.Busy.self) {
            try await hasher.hash("John@123", for: .commandLine)
        }
        await #expect(throws: PasswordHasher.Busy.self) {
            try await hasher.verify("John@123", against: nil, for: .commandLine)
        }
        hasher.refuseWaiting(after: .seconds(600))
        #expect(try await !hasher.verify("John@123", against: nil, for: .commandLine))
    }

    @Test func `only a hash slower than new ones and than the default is called slow`() {
        func isSlow(_ cost: Int, _ scheme: PasswordHasher.Scheme) -> Bool {
            PasswordHasher.isSlower("$2b$\(cost)$\(Self.salt)\(Self.rest)", than: scheme)
        }
        #expect(!isSlow(10, .bcrypt(cost: 4)) && !isSlow(10, .bcrypt(cost: 10)))
        #expect(isSlow(11, .bcrypt(cost: 10)) && !isSlow(12, .bcrypt(cost: 12)))
        #expect(isSlow(12, .yescrypt(cost: 5)) && !isSlow(10, .yescrypt(cost: 5)))
    }
}

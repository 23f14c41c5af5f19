import Testing

@testable import Cryptography

struct PasswordHasherTests {
    /// Passwords with hashes made by other implementations: pyca/bcrypt, passlib, and the test suites
    /// of yescrypt, libsodium and libxcrypt.
    static let foreign = [
        ("John@123", "$2b$10$.z/z3vw.KiU2bBRXFNNJwOO3LeERl99AsRsAxml0knGHKZeLfZBaK"),
        ("John@123", "$2b$04$lNdhLs.CQLuPLdfzd0mXrOe7j2Gg2/bcNVqkZWbhLjtcv4fhtgAre"),
        ("John@123", "$2a$04$xVHBtAY4yR4mHq/n90jWd.It278RUNQk.3QXw8W25hWIRfJ20J6ia"),
        ("John@123", "$2y$04$687dd4B21Ipdv.nxar/.T.fCupywXcLcvUikFiI/1Y4QxxPNxlbqa"),
        ("pässwörd€", "$2b$04$VmY.vsJqPuGFmgxSDqYKaeOI6JtsWWC39gJFZc8tU3VQsQbhR.FQi"),
        ("", "$2b$04$7WwfknE7Qb1VFEr3MhN.4u2sqbI5T7LK55u.eha1UOTh5yKW7hvki"),
        (
            "pleaseletmein",
            "$y$jD5.7$LdJMENpBABJJ3hIHjB1Bi.$HboGM6qPrsK.StKYGt6KErmUYtioHreJd98oIugoNB6"
        ),
        ("test1", "$y$j75$z7ztFz2FayrKI79/jEwlL.$u5x/j193MQ09wbFaRGYr0AH/A/jh3kunjuhYRVRNkmC"),
        (
            "pleaseletmein",
            "$gy$jD5.7$LdJMENpBABJJ3hIHjB1Bi.$sMNUMCXbajS4xLo0qpnLO2n.3IkhA1XbbW5StOp3d51"
        ),
        (
            "pleaseletmein",
            "$7$06..../....SodiumChloride$ENlyo6fGw4PCcDBOFepfSZjFUnVatHzCcW55.ZGz3B0"
        ),
        (
            "John@123",
            "$6$rounds=1000$OGFvyKyWWhsB6uYB$qObBsMrr7DLcTnt.o7h4hS7lc9MU9V73lzfmCUCf3eFJMBwcbatz/"
                + "hPFlB0mQ3ewJNQwMEZMFWfF4oPSV/yhS/"
        ),
        (
            "John@123",
            "$5$rounds=1000$oy1uk5P715eGoZ7I$tYYihDoS/vYCyrudr8uM.LbNp8REZaAaqc/cAzOxFe5"
        ),
        ("John@123", "$1$QWl2iI6L$Q0fGGslQnbCciTdd9aLVs/"),
        ("John@123", "_7C/.45.RftdQPmJlqzo"),
        ("John@123", "dhIuJtp3IB/sI"),
    ]

    @Test(arguments: foreign)
    func `a hash made elsewhere matches its password and no other`(
        password: String, hash: String
    ) async throws {
        let hasher = try PasswordHasher(scheme: .bcrypt(cost: 4), threads: 1, capacity: 4)
        defer { hasher.close() }

        #expect(try await hasher.verify(password, against: hash, for: .commandLine))
        #expect(try await !hasher.verify("X" + password, against: hash, for: .commandLine))
        #expect(
            try await !hasher.verify(password.uppercased() + "x", against: hash, for: .commandLine))
    }

    @Test(arguments: [PasswordHasher.Scheme.bcrypt(cost: 4), .yescrypt(cost: 1)])
    func `each new hash has a different salt and matches the password`(
        scheme: PasswordHasher.Scheme
    ) async throws {
        let hasher = try PasswordHasher(scheme: scheme, threads: 1, capacity: 4)
        defer { hasher.close() }

        let first = try await hasher.hash("John@123", for: .commandLine)
        let second = try await hasher.hash("John@123", for: .commandLine)

        #expect(first.hasPrefix(scheme == .bcrypt(cost: 4) ? "$2b$04$" : "$y$j75$"))
        #expect(first != second)
        #expect(try await hasher.verify("John@123", against: first, for: .commandLine))
        #expect(try await hasher.verify("John@123", against: second, for: .commandLine))
        #expect(try await !hasher.verify("john@123", against: first, for: .commandLine))
        #expect(!hasher.isWeaker(first))
    }

    @Test func `no password matches a missing hash`() async throws {
        let hasher = try PasswordHasher(scheme: .bcrypt(cost: 4), threads: 1, capacity: 4)
        defer { hasher.close() }

        #expect(try await !hasher.verify("John@123", against: nil, for: .commandLine))
        #expect(try await !hasher.verify("", against: nil, for: .commandLine))
    }

    @Test(
        arguments: [
            "", "*", "*0", "*1", "!", "x", "garbage", "ThisIsGarbage", "$", "$$", "$$$", "$2b$",
            "$2b$04$", "$2b$03$lNdhLs.CQLuPLdfzd0mXrOe7j2Gg2/bcNVqkZWbhLjtcv4fhtgAre",
            "$2b$04$lNdhLs.CQLuPLdfzd0mXrO",
            "$2b$04$lNdhLs.CQLuPLdfzd0mXrOe7j2Gg2/bcNVqkZWbhLjtcv4fhtgAr",
            "$2b$04$lNdhLs.CQLuPLdfzd0mXrOe7j2Gg2/bcNVqkZWbhLjtcv4fhtgAre\0",
            "$2b$04$lNdhLs.CQLuPLdfzd0mXrOe7j2Gg2/bcNVqkZWbhLjtcv4fhtgAree", "$y$", "$y$j75$",
            "$y$z$z$", "$7$", "$7$é", "$argon2id$v=19$m=32,t=1,p=4$c29tZXNhbHQ$t3wv", "ünlesbar",
        ])
    func `an invalid stored hash matches no password`(hash: String) async throws {
        let hasher = try PasswordHasher(scheme: .bcrypt(cost: 4), threads: 1, capacity: 4)
        defer { hasher.close() }

        for password in ["John@123", "", "*0", "*1", hash] {
            #expect(try await !hasher.verify(password, against: hash, for: .commandLine))
        }
    }

    @Test func `a bcrypt hash matches a longer password by its first 72 bytes`() async throws {
        let hasher = try PasswordHasher(scheme: .bcrypt(cost: 4), threads: 1, capacity: 4)
        defer { hasher.close() }
        let hash = "$2b$04$aMRgg.p68NuDN1YFrtHA2eQbauuOP8FYIp2qUijQoPuVUTalTggC6"

        #expect(
            try await hasher.verify(
                String(repeating: "a", count: 72), against: hash, for: .commandLine))
        #expect(
            try await hasher.verify(
                String(repeating: "a", count: 73), against: hash, for: .commandLine))
        #expect(
            try await hasher.verify(
                String(repeating: "a", count: 600), against: hash, for: .commandLine))
        #expect(
            try await !hasher.verify(
                String(repeating: "a", count: 71), against: hash, for: .commandLine))
        #expect(
            try await !hasher.verify(
                "b" + String(repeating: "a", count: 72), against: hash, for: .commandLine))
        #expect(
            try await !hasher.verify(
                String(repeating: "a", count: 72) + "\0", against: hash, for: .commandLine))
        #expect(
            try await !hasher.verify("John@123456", against: "91EkvlwGAlLqo", for: .commandLine))
        await #expect(throws: CryptographyError.self) {
            try await hasher.hash(String(repeating: "a", count: 73), for: .commandLine)
        }
    }

    @Test func `a hash is replaced only if it was compared with the whole password`() throws {
        let hash = "$2b$04$aMRgg.p68NuDN1YFrtHA2eQbauuOP8FYIp2qUijQoPuVUTalTggC6"
        for scheme in [PasswordHasher.Scheme.bcrypt(cost: 5), .yescrypt(cost: 1)] {
            let hasher = try PasswordHasher(scheme: scheme, threads: 1, capacity: 4)
            defer { hasher.close() }

            #expect(hasher.shouldReplace(hash, of: String(repeating: "a", count: 72)))
            #expect(!hasher.shouldReplace(hash, of: String(repeating: "a", count: 73)))
        }
    }

    @Test func `a password with a NUL matches no hash`() async throws {
        let hasher = try PasswordHasher(scheme: .yescrypt(cost: 1), threads: 1, capacity: 4)
        defer { hasher.close() }
        let hash = try await hasher.hash("John@123", for: .commandLine)

        #expect(try await !hasher.verify("John@123\0", against: hash, for: .commandLine))
        #expect(try await !hasher.verify("John@123\0more", against: hash, for: .commandLine))
        await #expect(throws: CryptographyError.self) {
            try await hasher.hash("John\0@123", for: .commandLine)
        }
    }

    @Test(arguments: [
        PasswordHasher.Scheme.bcrypt(cost: 3), .bcrypt(cost: -1), .yescrypt(cost: 12),
    ])
    func `a cost that the scheme does not have is refused at the start`(
        scheme: PasswordHasher.Scheme
    ) {
        let error = #expect(throws: CryptographyError.self) {
            try PasswordHasher(scheme: scheme, threads: 1, capacity: 1)
        }

        #expect(error?.description == "crypt_gensalt_rn: Invalid argument")
    }
}

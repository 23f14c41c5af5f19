import Testing

@testable import Cryptography

struct ForeignHashTests {
    // 2a, 2b and 2y have the same salt and hash: they are equivalent for ASCII passwords.
    static let bodies = ["2a", "2b", "2y"].map {
        "$\($0)$04$.xTnSiE4.inEBrzxVkV4PuIJhz7IwhYQ1cAmjTW5EqgfOVTtc6ps6"
    }
    private static let salt = ".xTnSiE4.inEBrzxVkV4Pu"
    private static let rest = "IJhz7IwhYQ1cAmjTW5EqgfOVTtc6ps6"

    @Test(arguments: bodies)
    func `an accepted hash matches its password and no other`(hash: String) async throws {
        let hasher = try PasswordHasher(scheme: .bcrypt(cost: 4), threads: 1, capacity: 1)
        defer { hasher.close() }

        #expect(PasswordHasher.canVerify(against: hash))
        #expect(try await hasher.verify("John@123", against: hash, for: .commandLine))
        #expect(try await !hasher.verify("John@124", against: hash, for: .commandLine))
    }

    @Test(arguments: [
        PasswordHasher.Scheme.bcrypt(cost: 4), .bcrypt(cost: 6), .yescrypt(cost: 1),
        .yescrypt(cost: 2),
    ])
    func `hashes made by PasswordHasher are accepted`(scheme: PasswordHasher.Scheme) async throws {
        let hasher = try PasswordHasher(scheme: scheme, threads: 1, capacity: 1)
        defer { hasher.close() }

        for _ in 1...8 {
            let hash = try await hasher.hash("Passw0rd!", for: .commandLine)
            #expect(PasswordHasher.canVerify(against: hash))
            #expect(!PasswordHasher.canVerify(against: String(hash.dropLast())))
            #expect(!PasswordHasher.canVerify(against: hash + "."))
        }
    }

    @Test(arguments: [
        "", "$", "$2b$", "Passw0rd!", "$2b$04", "$2b$04$", "$2b$04$\(salt)", "2b$04$\(salt)\(rest)",
        "$2b$4$\(salt)\(rest)", "$2b$004$\(salt)\(rest)", "$2b$03$\(salt)\(rest)",
        "$2b$32$\(salt)\(rest)", "$2b$1e$\(salt)\(rest)", "$2b$+4$\(salt)\(rest)",
        "$2x$04$\(salt)\(rest)", "$2$04$\(salt)\(rest)", "$2B$04$\(salt)\(rest)",
        "$2b$04$\(salt)\(rest) ", " $2b$04$\(salt)\(rest)", "$2b$04$\(salt)\(rest)$",
        "$2b$04$\(salt)\(rest.dropLast())=", "$2b$04$\(salt)\(rest.dropLast())é",
        "$1$QWl2iI6L$Q0fGGslQnbCciTdd9aLVs/", "dhIuJtp3IB/sI", "$6$salt$hash", "$y$j9T$salt$hash",
        "$y$j9T$LdJMENpBABJJ3hIHjB1Bi.", "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
    ])
    func `a hash that no password can match is refused`(hash: String) {
        #expect(!PasswordHasher.canVerify(against: hash))
    }

    @Test func `unused bits must be zero, because no password matches a hash with others`()
        async throws
    {
        let hasher = try PasswordHasher(scheme: .bcrypt(cost: 4), threads: 1, capacity: 1)
        defer { hasher.close() }
        for digit in "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" {
            let salted = "$2b$04$\(Self.salt.dropLast())\(digit)\(Self.rest)"
            let hashed = "$2b$04$\(Self.salt)\(Self.rest.dropLast())\(digit)"
            for hash in [salted, hashed] where !PasswordHasher.canVerify(against: hash) {
                #expect(try await !hasher.verify("John@123", against: hash, for: .commandLine))
            }
            // The hash that crypt(3) returns for that salt can be matched.
            let own = try Crypt.hash("John@123", setting: CryptString(salted))
            #expect(PasswordHasher.canVerify(against: own))
            #expect(
                PasswordHasher.canVerify(against: salted)
                    == (own.dropLast(31) == salted.dropLast(31)))
        }
    }

    @Test func `a bcrypt hash with a cost above 15 is expensive`() {
        for cost in 10...31 {
            #expect(
                PasswordHasher.isExpensive("$2a$\(cost)$\(Self.salt)\(Self.rest)") == (cost > 15))
        }
        #expect(!PasswordHasher.isExpensive("$y$jFT$LdJMENpBABJJ3hIHjB1Bi.$x"))
    }
}

import Cryptography
import Testing

struct HashStrengthTests {
    private static let salt = "$LdJMENpBABJJ3hIHjB1Bi."
    private static let md5 = "$1$QWl2iI6L$Q0fGGslQnbCciTdd9aLVs/"
    private static let bcrypt9 = "$2b$09$.z/z3vw.KiU2bBRXFNNJwOO3LeERl99AsRsAxml0knGHKZeLfZBaK"
    private static let bcrypt10 = "$2b$10$.z/z3vw.KiU2bBRXFNNJwOO3LeERl99AsRsAxml0knGHKZeLfZBaK"
    private static let bcrypt11 = "$2y$11$.z/z3vw.KiU2bBRXFNNJwOO3LeERl99AsRsAxml0knGHKZeLfZBaK"

    static let comparedWithBcrypt10: [(String, Bool)] = [
        (md5, true), ("dhIuJtp3IB/sI", true), ("garbage", true), ("", true),
        ("$2x$12$.z/z3vw.KiU2bBRXFNNJwO", true), ("$6$rounds=999999999$salt$x", true),
        (bcrypt9, true), (bcrypt10, false), (bcrypt11, false), ("$y$j75\(salt)", false),
        ("$gy$j75\(salt)", false), ("$7$06..../....SodiumChloride$x", false),
    ]

    @Test(arguments: comparedWithBcrypt10)
    func `hashes are compared with bcrypt at cost 10`(hash: String, isWeaker: Bool) throws {
        let hasher = try PasswordHasher(scheme: .bcrypt(cost: 10), threads: 1, capacity: 1)
        defer { hasher.close() }

        #expect(hasher.isWeaker(hash) == isWeaker)
    }

    // libxcrypt encodes yescrypt's costs 1 to 6 as j75, j85, j7T, j8T, j9T, jAT. In scrypt's options,
    // one digit for the exponent is followed by five for r, the lowest first: U.... is 32.
    static let comparedWithYescrypt5: [(String, Bool)] = [
        (md5, true), (bcrypt11, true), ("$y$j75\(salt)", true), ("$y$j85\(salt)", true),
        ("$y$j7T\(salt)", true), ("$y$j8T\(salt)", true), ("$y$j9T\(salt)", false),
        ("$y$jAT\(salt)", false), ("$gy$j8T\(salt)", true), ("$gy$j9T\(salt)", false),
        ("$y$jD5.7\(salt)", false), ("$y$j9z.\(salt)", false), ("$7$9U..../....salt$x", true),
        ("$7$AU..../....salt$x", false), ("$7$A.U.../....salt$x", false), ("$7$AU", true),
    ]

    @Test(arguments: comparedWithYescrypt5)
    func `hashes are compared with yescrypt at cost 5`(hash: String, isWeaker: Bool) throws {
        let hasher = try PasswordHasher(scheme: .yescrypt(cost: 5), threads: 1, capacity: 1)
        defer { hasher.close() }

        #expect(hasher.isWeaker(hash) == isWeaker)
    }

    @Test(arguments: 1...10)
    func `each cost of yescrypt is weaker than the next`(cost: Int) throws {
        let lower = try PasswordHasher(scheme: .yescrypt(cost: cost), threads: 1, capacity: 1)
        defer { lower.close() }
        let higher = try PasswordHasher(scheme: .yescrypt(cost: cost + 1), threads: 1, capacity: 1)
        defer { higher.close() }
        let options = ["j75", "j85", "j7T", "j8T", "j9T", "jAT", "jBT", "jCT", "jDT", "jET", "jFT"]
        let hash = "$y$\(options[cost - 1])\(Self.salt)"

        #expect(!lower.isWeaker(hash))
        #expect(higher.isWeaker(hash))
    }
}

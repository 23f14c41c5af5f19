import Cryptography
import Testing

@testable import Identity

struct PasswordHasherViolationsTests {
    @Test func `bcrypt uses 72 bytes of a password, and stops at NUL`() throws {
        let bcrypt = try PasswordHasher(scheme: .bcrypt(cost: 4), threads: 1, capacity: 1)
        defer { bcrypt.close() }
        let tooLong = AccountViolation.passwordTooLongForHash(maximumBytes: 72)

        #expect(bcrypt.violations(of: String(repeating: "€", count: 24)) == [])
        #expect(bcrypt.violations(of: String(repeating: "€", count: 24) + "x") == [tooLong])
        #expect(bcrypt.violations(of: "a\0b") == [.passwordContainsNUL])
        #expect(
            bcrypt.violations(of: String(repeating: "\0", count: 73))
                == [tooLong, .passwordContainsNUL])
    }

    @Test func `yescrypt uses 511 bytes of a password, and stops at NUL`() throws {
        let yescrypt = try PasswordHasher(scheme: .yescrypt(cost: 1), threads: 1, capacity: 1)
        defer { yescrypt.close() }

        #expect(yescrypt.violations(of: String(repeating: "a", count: 511)) == [])
        #expect(
            yescrypt.violations(of: String(repeating: "a", count: 512))
                == [.passwordTooLongForHash(maximumBytes: 511)])
        #expect(yescrypt.violations(of: "a\0b") == [.passwordContainsNUL])
    }
}

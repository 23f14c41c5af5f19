import Cryptography
import SQLiteStore
import Testing

@testable import Identity

/// What a device on which the password was right before is spared.
struct KnownDeviceTests {
    private static let home = "2001:db8::1"

    @Test func `on a known device the owner signs in at once, whatever other people do`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        let device = try await rules.logIn(from: Self.home, at: .start).device
        try await rules.guessWrong(10, from: { _ in Self.home }, at: .start)
        try await rules.guessWrong(90, from: { "198.51.100.\($0)" }, at: .start)
        var now = Timestamp.start
        for number in 0..<20 {
            now = now + 900
            try await rules.guessWrong(1, from: { _ in Self.home }, at: now)
            try await rules.guessWrong(1, from: { _ in "203.0.113.\(number)" }, at: now)
        }

        for address in [Self.home, "203.0.113.1", "192.0.2.99"] {
            let login = try await rules.logIn(from: address, device: device, at: now)
            #expect(login.verdict == .right)
        }
        #expect(
            try await rules.guess(Rules.password, from: Self.home, at: now)
                == .throttled(seconds: 60))
    }

    @Test func `a known device waits after its own wrong passwords, in every network`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        let device = try await rules.logIn(at: .start).device
        try await rules.guessWrong(10, from: { "192.0.2.\($0)" }, device: device, at: .start)

        let login = try await rules.logIn(device: device, at: .start)
        #expect(login.verdict == .throttled(seconds: 1))
        // Without the cookie, nothing has failed.
        #expect(try await rules.guess(at: .start) == .wrong)
        let later = try await rules.logIn(device: device, at: .start + 1)
        #expect(later.verdict == .right)
        try await rules.guessWrong(10, device: later.device, at: .start + 1)
        try #require(
            try await rules.logIn(device: device, at: .start + 1).verdict
                == .throttled(seconds: 1), "a login keeps the number of the device")
    }

    @Test func `in a known network, a new device waits a minute at most`() async throws {
        let rules = try Rules()
        try await rules.addJohn()
        _ = try await rules.logIn(from: Self.home, at: .start)
        var now = Timestamp.start
        var longest: Int64 = 0
        for _ in 0..<40 {
            switch try await rules.guess(from: Self.home, at: now) {
            case .throttled(let seconds):
                longest = max(longest, seconds)
                now = now + seconds
            default: break
            }
        }

        #expect(longest == 60)
    }

    @Test func `the failures of a network make other accounts wait a minute at most`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        var now = Timestamp.start
        for number in 0..<130 {
            while case .throttled(let seconds) = try await rules.guess(
                as: "a\(number)@example.com", from: Self.home, at: now)
            {
                now = now + seconds
            }
        }

        let owner = try await rules.guess(Rules.password, from: Self.home, at: now)
        #expect(owner == .throttled(seconds: 60))
        #expect(try await rules.guess(Rules.password, from: Self.home, at: now + 60) == .right)
    }

    @Test func `a cookie of another account, another key or another time makes no device known`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        try await rules.accounts.add(
            email: "mary@example.com", password: Rules.password, by: .stranger, now: .start)
        let own = try #require(try await rules.logIn(at: .start).device)
        let marys = try #require(try await rules.logIn(as: "mary@example.com", at: .start).device)
        let strange = try KnownDevice(number: 1, expiresAt: Timestamp.start.seconds + 100).text(
            of: "john@example.com", signedWith: SigningKey(secret: Array("another".utf8)))
        let year: Int64 = 365 * 86_400
        let known: (String, Timestamp) throws -> Bool = { cookie, now in
            try rules.tokens.throttle.login(
                as: "JOHN@example.com", devices: ["other", cookie], from: .somewhere, at: now
            ).device != nil
        }

        #expect(try known(own, .start))
        #expect(try known(own, .start + (year - 1)))
        #expect(try !known(own, .start + year))
        #expect(try !known(own, .start + -1))
        #expect(try !known(marys, .start))
        #expect(try !known(strange, .start))
        for cookie in [
            "", "x", own + "A", String(own.dropLast()), String(repeating: "A", count: 64),
        ] {
            #expect(try !known(cookie, .start), "\(cookie)")
        }
    }

    @Test
    func `networks of 64 bits within one of 56 together get one and a half times the guesses`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()

        var judged = 0
        for number in 0..<40 {
            let address = "2001:db8:0:\(number % 4)::1"
            if try await rules.guess(from: address, at: .start) == .wrong { judged += 1 }
        }

        #expect(judged == 15)
        #expect(try await rules.guess(from: "2001:db8:0:100::1", at: .start) == .wrong)
    }

    @Test func `failures, devices and networks stay known when the secret is replaced`()
        async throws
    {
        let rules = try Rules()
        try await rules.addJohn()
        let device = try await rules.logIn(from: Self.home, at: .start).device
        try await rules.guessWrong(10, from: { _ in "192.0.2.7" }, at: .start)

        let rotated = try rules.rotatedSessions()
        func logIn(_ password: String, from address: String, device: String? = nil) async throws {
            _ = try await rotated.logIn(
                username: "john@example.com", password: password,
                devices: device.map { [$0] } ?? [],
                from: .at(address), at: .start)
        }

        await #expect(throws: AuthError.throttled(seconds: 1)) {
            try await logIn("wrong", from: "192.0.2.7")
        }
        try await logIn(Rules.password, from: "192.0.2.7", device: device)
        try await rules.guessWrong(90, from: { "198.51.100.\($0)" }, at: .start)
        await #expect(throws: AuthError.throttled(seconds: 1)) {
            try await logIn(Rules.password, from: "192.0.2.200")
        }
        try await logIn(Rules.password, from: Self.home)
    }
}

extension Rules {
    /// The rules after `gatehouse key rotate`, on the same store.
    fileprivate func rotatedSessions() throws -> Sessions {
        let tokens = try Tokens(
            secret: Array("another secret of more than 32 bytes".utf8),
            formerSecrets: [Self.secret], accessLifetime: 60, refreshLifetime: 180)
        return Sessions(store: store, tokens: tokens, passwords: passwords)
    }
}

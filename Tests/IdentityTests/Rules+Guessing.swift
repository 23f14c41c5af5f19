import Identity

/// What came of a guess.
enum Verdict: Hashable {
    case right
    case wrong
    case throttled(seconds: Int64)
    case busy
}

extension Rules {
    func guess(
        _ password: String = "wrong", as username: String = "john@example.com",
        from address: String = "192.0.2.1", device: String? = nil, at now: Timestamp
    ) async throws -> Verdict {
        try await logIn(password, as: username, from: address, device: device, at: now).verdict
    }

    /// Logs in and returns what came of it, with the cookie of the known device.
    func logIn(
        _ password: String = Rules.password, as username: String = "john@example.com",
        from address: String = "192.0.2.1", device: String? = nil, at now: Timestamp
    ) async throws -> (verdict: Verdict, device: String?) {
        do {
            let outcome = try await sessions.logIn(
                username: username, password: password, devices: device.map { [$0] } ?? [],
                from: .at(address), at: now)
            switch outcome {
            case .signedIn(_, let device): return (.right, device)
            }
        } catch AuthError.wrongCredentials {
            return (.wrong, nil)
        } catch AuthError.throttled(let seconds) {
            return (.throttled(seconds: seconds), nil)
        } catch AuthError.tooManyPasswords {
            return (.busy, nil)
        }
    }

    /// Guesses wrong, one guess after the other, and none of them throttled.
    func guessWrong(
        _ count: Int, as username: String = "john@example.com",
        from address: (Int) -> String = { _ in "192.0.2.1" }, device: String? = nil,
        at now: Timestamp
    ) async throws {
        for number in 0..<count {
            let verdict = try await guess(
                as: username, from: address(number), device: device, at: now)
            guard verdict == .wrong else { throw Unexpected(number: number, verdict: verdict) }
        }
    }

    struct Unexpected: Error {
        let number: Int
        let verdict: Verdict
    }
}

extension Client {
    static func at(_ address: String) -> Client { Client(address: address, device: "") }
}

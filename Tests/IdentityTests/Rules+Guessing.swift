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
        from address: String = "192.0.2.1", at now: Timestamp
    ) async throws -> Verdict {
        do {
            _ = try await sessions.logIn(
                username: username, password: password, from: .at(address), at: now)
            return .right
        } catch AuthError.wrongCredentials {
            return .wrong
        } catch AuthError.throttled(let seconds) {
            return .throttled(seconds: seconds)
        } catch AuthError.busy {
            return .busy
        }
    }

    /// Guesses wrong, one guess after the other, and none of them throttled.
    func guessWrong(
        _ count: Int, as username: String = "john@example.com",
        from address: (Int) -> String = { _ in "192.0.2.1" }, at now: Timestamp
    ) async throws {
        for number in 0..<count {
            let verdict = try await guess(as: username, from: address(number), at: now)
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

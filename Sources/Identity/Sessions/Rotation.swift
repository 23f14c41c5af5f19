/// The decision about a presented refresh token.
package enum Rotation: Equatable, Sendable {
    /// A new generation has been created, which is issued to the client.
    case rotated
    /// No new generation is created. A client that presented an older generation receives the
    /// newest one again. A client that presented the newest generation keeps it.
    case repeated
    /// The token is refused because no honest client can present this generation at this time.
    ///
    /// So someone has a copy of the token. The session ends for both the thief and the owner,
    /// because the server cannot tell them apart (RFC 9700, section 4.14.2).
    case refused
}

// The complete rule for the rotation of refresh tokens, which follows the table in docs/rotation.md
// line by line. Tests/RotationModel checks the table, and RotationModelTests compares this code
// with that model.
extension RefreshTokenFamily {
    /// Decides about a refresh token that a browser presents.
    ///
    /// The tabs of a browser share a cookie jar and cannot agree on which tab refreshes.
    ///
    /// - Parameters:
    ///   - presented: The token's generation.
    ///   - window: How long, in milliseconds, the tabs of one browser may take to receive a new
    ///     generation: more than twice the longest round trip of a refresh.
    ///   - now: The current time.
    /// - Returns: The decision; the family is updated accordingly.
    package mutating func present(
        _ presented: Int64, window: Int64, at now: Timestamp
    ) -> Rotation {
        let isOpen = lastIssuedAt.isWithin(window, of: now)
        switch presented {
        case generation where previousGeneration == generation || !isOpen:
            advance(from: generation, at: now)
            return .rotated
        case generation:
            // Do not issue this generation again, because the response could overwrite a newer
            // cookie.
            return .repeated
        case previousGeneration..<generation
        where isOpen && firstUsedAt.map { $0.isWithin(window, of: now) } ?? true:
            lastIssuedAt = now
            return .repeated
        case previousGeneration where previousGeneration < generation && firstUsedAt == nil:
            // The newest generation was never used, so the response that contained it was lost.
            // Issue a new generation, because a thief may have received the lost response.
            advance(from: previousGeneration, at: now)
            return .rotated
        default:
            return .refused
        }
    }

    /// Decides about a refresh token that a single program presents.
    ///
    /// A program sends one request at a time. So a token is accepted once. After that, it is
    /// accepted only in a retry of the same request.
    ///
    /// - Parameters:
    ///   - presented: The token's generation.
    ///   - retryKey: An authentication code of the request's `Idempotency-Key`; `nil` if the
    ///     request has none.
    ///   - window: How long a retry is accepted after the first use of the new access token, in
    ///     milliseconds; with 0, a retry is accepted only before that use.
    ///   - now: The current time.
    /// - Returns: The decision; the family is updated accordingly.
    package mutating func presentOnce(
        _ presented: Int64, retryKey: Int64?, window: Int64, at now: Timestamp
    ) -> Rotation {
        switch presented {
        case generation:
            advance(from: generation, at: now)
            previousGeneration = generation
            self.retryKey = retryKey
            return .rotated
        case generation - 1
        where previousGeneration == generation && retryKey != nil && retryKey == self.retryKey
            && firstUsedAt.map { $0.isWithin(window, of: now) } ?? true:
            return .repeated
        default:
            return .refused
        }
    }

    /// Records that an access token is used, and decides whether an honest client can have it.
    ///
    /// - Parameters:
    ///   - used: The generation of the refresh token that was issued with the access token.
    ///   - window: How long, in milliseconds, the tabs of one browser may take to receive a new
    ///     generation.
    ///   - now: The current time.
    /// - Returns: Whether an honest client can have the token. If not, the session must end,
    ///   because the response that contained the token was considered lost, so a thief has received
    ///   it.
    package mutating func use(_ used: Int64, window: Int64, at now: Timestamp) -> Bool {
        if used == generation {
            firstUsedAt = firstUsedAt ?? now
            return true
        }
        return used <= previousGeneration
            || used < generation && lastIssuedAt.isWithin(window, of: now)
    }

    private mutating func advance(from previousGeneration: Int64, at now: Timestamp) {
        self.previousGeneration = previousGeneration
        generation += 1
        rotatedAt = now
        lastIssuedAt = now
        firstUsedAt = nil
        retryKey = nil
    }
}

extension Timestamp {
    /// Whether two times are less than `milliseconds` apart.
    ///
    /// Either time can be the later one, because the clock may have been set back.
    fileprivate func isWithin(_ milliseconds: Int64, of other: Timestamp) -> Bool {
        abs(other.milliseconds - self.milliseconds) < milliseconds
    }
}

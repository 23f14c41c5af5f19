/// The decision on a presented refresh token.
package enum Rotation: Equatable, Sendable {
    /// There is a new newest generation, which is issued.
    case rotated
    /// The newest generation is issued again, or the client that presented it keeps it.
    case repeated
    /// No honest client presents this generation now, so someone has a copy. The session ends for
    /// thief and owner alike, since they cannot be told apart (RFC 9700, section 4.14.2).
    case refused
}

// The complete rule of rotation. It follows the table of docs/rotation.md line by line.
// Tests/RotationModel checks the table, and RotationModelTests compares this code with the model.
extension RefreshTokenFamily {
    /// Decides on a refresh token from a browser, whose tabs share a cookie jar and cannot agree on
    /// which of them refreshes.
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
            // It must not be issued again: that response could overwrite a newer cookie.
            return .repeated
        case previousGeneration..<generation
        where isOpen && firstUsedAt.map { $0.isWithin(window, of: now) } ?? true:
            lastIssuedAt = now
            return .repeated
        case previousGeneration where previousGeneration < generation && firstUsedAt == nil:
            // The newest generation was never used: its response was lost. A new one is issued,
            // because a thief may have received the lost one.
            advance(from: previousGeneration, at: now)
            return .rotated
        default:
            return .refused
        }
    }

    /// Decides on a refresh token from a single program, which sends one request at a time: it is
    /// accepted once, except for a retry of the request that was accepted.
    ///
    /// - Parameters:
    ///   - presented: The token's generation.
    ///   - retryKey: The number that stands for the request's `Idempotency-Key`.
    ///   - window: As for a browser; 0 for no retries.
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

    /// Records that an access token is used.
    ///
    /// - Parameters:
    ///   - used: The generation of the refresh token that it was issued with.
    ///   - window: As for a refresh token.
    ///   - now: The current time.
    /// - Returns: Whether an honest client can have it. If not, the session must end: the token's
    ///   generation was given up as lost, and a thief has received it.
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
    /// Whether two times are less than `milliseconds` apart, in either order: the clock may have
    /// been set back.
    fileprivate func isWithin(_ milliseconds: Int64, of other: Timestamp) -> Bool {
        abs(other.milliseconds - self.milliseconds) < milliseconds
    }
}

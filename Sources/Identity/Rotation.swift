/// What becomes of a presented refresh token.
package enum Rotation: Equatable, Sendable {
    /// The chain has a new newest generation, which is handed out.
    case rotated
    /// The newest generation is handed out again, or stays with whoever has shown it.
    case repeated
    /// No honest client presents this generation now: somebody has a copy, and the session ends,
    /// for thief and owner alike, since nobody can tell them apart (RFC 9700, section 4.14.2).
    case refused
}

// The heart of the product, and all of it: the rule has no other place. It is the table of
// docs/rotation.md line by line; Tests/RotationModel checks the table, and a test ties both.
extension RefreshTokenFamily {
    /// Decides on a refresh token that came from a browser, whose tabs share a cookie jar and
    /// cannot agree on who refreshes.
    ///
    /// - Parameters:
    ///   - presented: The token's generation.
    ///   - window: How long, in milliseconds, the tabs of one browser may take to hear of a new
    ///     generation: more than twice as long as a refresh can take, there and back.
    ///   - now: The time.
    /// - Returns: The decision; the chain has changed accordingly.
    package mutating func present(
        _ presented: Int64, window: Int64, at now: Timestamp
    ) -> Rotation {
        let isOpen = lastIssuedAt.isWithin(window, of: now)
        switch presented {
        case generation where previousGeneration == generation || !isOpen:
            advance(from: generation, at: now)
            return .rotated
        case generation:
            // It must not be handed out: an answer that carries it could land over the next one.
            return .repeated
        case previousGeneration..<generation
        where isOpen && firstUsedAt.map { $0.isWithin(window, of: now) } ?? true:
            lastIssuedAt = now
            return .repeated
        case previousGeneration where previousGeneration < generation && firstUsedAt == nil:
            // Nobody has shown the newest: its answer was lost. Never the same again, for a thief
            // may be the one who has it.
            advance(from: previousGeneration, at: now)
            return .rotated
        default:
            return .refused
        }
    }

    /// Decides on a refresh token that came from one program, which sends one request after the
    /// other: good once, but for a retry of the request that was good.
    ///
    /// - Parameters:
    ///   - presented: The token's generation.
    ///   - retryKey: Stands for the request's `Idempotency-Key`.
    ///   - window: As for a browser; 0 for none.
    ///   - now: The time.
    /// - Returns: The decision; the chain has changed accordingly.
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

    /// Takes note of an access token in use.
    ///
    /// - Parameters:
    ///   - used: The generation of the refresh token that it was handed out with.
    ///   - window: As for a refresh token.
    ///   - now: The time.
    /// - Returns: Whether an honest client can have it. If not, the session ends: it is of a
    ///   generation that was given up as lost, and has arrived all the same, with a thief.
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
    /// Whether less than so many milliseconds are between two moments, whichever came first: the
    /// clock may have been set back.
    fileprivate func isWithin(_ milliseconds: Int64, of other: Timestamp) -> Bool {
        abs(other.milliseconds - self.milliseconds) < milliseconds
    }
}

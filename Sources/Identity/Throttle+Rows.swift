// An attempt goes: admit; reserve, once a count is beyond what is free; hash; then fail or succeed.
// Whatever has not reserved is admitted again before it learns the outcome: so of many attempts at
// once no more are judged than one after the other would have been.

extension Rows {
    /// Whether an account is at home in a place.
    func isKnownNetwork(_ key: FailureCounter.Key, at now: Timestamp) throws -> Bool {
        try failures(key)?.areWithin(Throttle.knownNetworkMemory, of: now) ?? false
    }

    /// Whether an attempt has to be reserved.
    ///
    /// - Throws: `AuthError.throttled`.
    func admit(_ attempt: LoginAttempt) throws -> Bool {
        var wait: Int64 = 0
        var isBeyondFree = false
        let own = try failures(of: attempt.accountAndNetwork, at: attempt.at)
        let isFromKnownNetwork =
            attempt.hasKnownNetwork && own.count < attempt.accountAndNetwork.limit.free
        for counter in isFromKnownNetwork ? [attempt.accountAndNetwork] : attempt.counters {
            let failures = try failures(of: counter, at: attempt.at)
            wait = max(wait, failures.wait(under: counter.limit, at: attempt.at))
            isBeyondFree = isBeyondFree || failures.count >= counter.limit.free
        }
        guard wait == 0 else { throw AuthError.throttled(seconds: (wait + 999) / 1000) }
        return isBeyondFree
    }

    fileprivate func failures(of counter: LoginAttempt.Counter, at now: Timestamp) throws
        -> FailureCounter
    {
        if let failures = try failures(counter.key), failures.areWithin(Throttle.memory, of: now) {
            return failures
        }
        return FailureCounter(count: 0, lastAt: now, nextAt: now)
    }
}

extension WritableRows {
    /// Lets the next attempt wait, before this one has cost a hash.
    ///
    /// - Throws: `AuthError.throttled`: another was first.
    func reserve(_ attempt: LoginAttempt) throws {
        _ = try admit(attempt)
        for counter in attempt.counters {
            var failures = try failures(of: counter, at: attempt.at)
            let wait = counter.limit.wait(after: failures.count)
            guard wait > 0 else { continue }
            failures.nextAt = attempt.at.advanced(by: wait)
            try setFailures(failures, counter.key)
        }
    }

    /// Counts a wrong password.
    ///
    /// - Throws: `AuthError.throttled`: others have failed meanwhile, and this one is not judged.
    func fail(_ attempt: LoginAttempt) throws {
        if !attempt.isReserved { _ = try admit(attempt) }
        for counter in attempt.counters {
            var failures = try failures(of: counter, at: attempt.at)
            failures.count += 1
            failures.lastAt = attempt.at
            // Not sooner than what another has reserved meanwhile.
            failures.nextAt = attempt.at.advanced(
                by: max(
                    counter.limit.wait(after: failures.count),
                    failures.wait(under: counter.limit, at: attempt.at)))
            try setFailures(failures, counter.key)
        }
    }

    /// Forgets the failures of the narrowest count, there and in the wider ones.
    ///
    /// What others have failed stays: a guesser does not wash it off with an account of their own.
    ///
    /// - Throws: `AuthError.throttled`: others have failed meanwhile, and this one is not judged.
    func succeed(_ attempt: LoginAttempt) throws {
        if !attempt.isReserved { _ = try admit(attempt) }
        let own = try failures(of: attempt.accountAndNetwork, at: attempt.at).count
        try setFailures(nil, attempt.accountAndNetwork.key)
        for counter in attempt.broader {
            var failures = try failures(of: counter, at: attempt.at)
            let reserved = attempt.at.advanced(by: counter.limit.wait(after: failures.count))
            if attempt.isReserved, failures.nextAt == reserved { failures.nextAt = attempt.at }
            failures.count -= own
            try setFailures(failures.count > 0 ? failures : nil, counter.key)
        }
        if let knownNetwork = attempt.knownNetwork {
            // Of a home there are no failures, and their time is that of the right password.
            try setFailures(
                FailureCounter(count: 0, lastAt: attempt.at, nextAt: attempt.at), knownNetwork)
        }
    }
}

extension FailureCounter {
    /// Whether they are so many seconds away, to whichever side: the clock may have been set back.
    fileprivate func areWithin(_ seconds: Int64, of now: Timestamp) -> Bool {
        abs(now.milliseconds - lastAt.milliseconds) < seconds * 1000
    }

    /// How long the next attempt must wait, in milliseconds.
    ///
    /// Far more than the limit's longest is none: the clock was set back. A little more is not:
    /// of two requests the one that arrived later may have come here first.
    fileprivate func wait(under limit: Throttle.Limit, at now: Timestamp) -> Int64 {
        let wait = nextAt.milliseconds - now.milliseconds
        let longest = limit.longestWait * 1000
        return 0...(longest + 60_000) ~= wait ? min(wait, longest) : 0
    }
}

extension Timestamp {
    fileprivate func advanced(by milliseconds: Int64) -> Timestamp {
        Timestamp(milliseconds: self.milliseconds + milliseconds)
    }
}

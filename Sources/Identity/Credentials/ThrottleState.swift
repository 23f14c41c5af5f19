/// The failure counters that decide about one attempt to guess a password.
///
/// This is the whole rule; `PasswordAuthenticator` only loads and saves the counters. An attempt
/// passes these steps:
///
/// 1. Before the hash, `decide`. Once a counter is beyond its free failures, the attempt reserves:
///    the next attempt has to wait before this one has cost a hash.
/// 2. After the hash, an attempt that holds no reservation is decided again, on the counters as
///    they are then. So guesses that run in parallel gain nothing: no more of them are judged than
///    one after the other would have been.
/// 3. Then `recordFailure` or `recordSuccess`.
struct ThrottleState: Equatable, Sendable {
    /// The limits of the three counters.
    struct Limits: Equatable, Sendable {
        var accountAndNetwork = ThrottleLimit.accountAndNetwork
        var account = ThrottleLimit.account
        var network = ThrottleLimit.network
    }

    /// What to do with an attempt.
    enum Decision: Equatable, Sendable {
        /// Check the password.
        case allowed
        /// Check the password after the state, which now holds the reservation, has been saved.
        case reserved
        /// Refuse the attempt without telling whether the password is right.
        case throttled(seconds: Int64)
    }

    /// Failures at this account from this network; for a password change, within this session.
    var accountAndNetwork: FailureCounter?
    /// Failures at this account from all networks that it is not known in.
    var account: FailureCounter?
    /// Failures from this network at all accounts.
    var network: FailureCounter?
    /// The last right password for this account from this network; it counts no failures.
    var knownNetwork: FailureCounter?
    /// Whether the account counter applies: true for a login, false for a password change, which
    /// only someone who is signed in can attempt.
    var countsAccount = true
    var limits = Limits()

    /// Decides whether the password may be checked, and reserves if a counter is beyond its free
    /// failures.
    mutating func decide(at now: Timestamp) -> Decision {
        let wait = wait(at: now)
        // Rounded up: a client that waits this long is let through.
        guard wait == 0 else { return .throttled(seconds: (wait + 999) / 1000) }
        guard isBeyondFree(at: now) else { return .allowed }
        accountAndNetwork = accountAndNetwork.reserved(under: limits.accountAndNetwork, at: now)
        network = network.reserved(under: limits.network, at: now)
        if usesAccount(at: now) { account = account.reserved(under: limits.account, at: now) }
        return .reserved
    }

    /// Counts a wrong password.
    mutating func recordFailure(at now: Timestamp) {
        accountAndNetwork = accountAndNetwork.failed(under: limits.accountAndNetwork, at: now)
        network = network.failed(under: limits.network, at: now)
        if usesAccount(at: now) { account = account.failed(under: limits.account, at: now) }
    }

    /// Forgets the failures at this account from this network, here and in the broader counters.
    ///
    /// Other failures stay: an attacker cannot clear them by signing in to an account of their own.
    ///
    /// - Parameters:
    ///   - isReserved: Whether `decide` has reserved for this attempt: the reservation is released.
    ///   - now: The time of the attempt.
    mutating func recordSuccess(isReserved: Bool, at now: Timestamp) {
        let forgiven = accountAndNetwork.current(at: now).count
        accountAndNetwork = nil
        network = network.forgiving(
            forgiven, under: limits.network, isReserved: isReserved, at: now)
        if usesAccount(at: now) {
            account = account.forgiving(
                forgiven, under: limits.account, isReserved: isReserved, at: now)
        }
        knownNetwork = FailureCounter(count: 0, lastAt: now, nextAt: now)
    }

    /// How long the attempt has to wait, in milliseconds; 0 if it may go on.
    ///
    /// In a known network only the account's failures in that network count, up to the last free
    /// one. So other people there cannot slow the owner down, and strangers elsewhere never can.
    private func wait(at now: Timestamp) -> Int64 {
        let narrow = accountAndNetwork.current(at: now)
        let wait = narrow.wait(under: limits.accountAndNetwork, at: now)
        if isInKnownNetwork(at: now), narrow.count < limits.accountAndNetwork.free { return wait }
        return max(
            wait, network.current(at: now).wait(under: limits.network, at: now),
            usesAccount(at: now) ? account.current(at: now).wait(under: limits.account, at: now) : 0
        )
    }

    private func isBeyondFree(at now: Timestamp) -> Bool {
        if accountAndNetwork.current(at: now).count >= limits.accountAndNetwork.free { return true }
        if isInKnownNetwork(at: now) { return false }
        return network.current(at: now).count >= limits.network.free
            || usesAccount(at: now) && account.current(at: now).count >= limits.account.free
    }

    /// Whether this account's password was right in this network within 30 days.
    private func isInKnownNetwork(at now: Timestamp) -> Bool {
        countsAccount && knownNetwork?.isWithin(Throttle.knownNetworkMemory, of: now) == true
    }

    private func usesAccount(at now: Timestamp) -> Bool {
        countsAccount && !isInKnownNetwork(at: now)
    }
}

extension FailureCounter? {
    /// The counter as it counts at a moment: failures are forgotten a day after the last one.
    fileprivate func current(at now: Timestamp) -> FailureCounter {
        if let self, self.isWithin(Throttle.memory, of: now) { return self }
        return FailureCounter(count: 0, lastAt: now, nextAt: now)
    }

    /// The counter while an attempt is under way: the next attempt waits as after this failure.
    fileprivate func reserved(under limit: ThrottleLimit, at now: Timestamp) -> FailureCounter? {
        var counter = current(at: now)
        let wait = limit.wait(after: counter.count)
        guard wait > 0 else { return self }
        counter.nextAt = now.advanced(by: wait)
        return counter
    }

    /// The counter after one more failure.
    fileprivate func failed(under limit: ThrottleLimit, at now: Timestamp) -> FailureCounter {
        var counter = current(at: now)
        // Not before the end of what another attempt has reserved in the meantime.
        let reserved = counter.wait(under: limit, at: now)
        counter.count += 1
        counter.lastAt = now
        counter.nextAt = now.advanced(by: max(limit.wait(after: counter.count), reserved))
        return counter
    }

    /// The counter without some of its failures and, if this attempt has reserved, without its
    /// reservation.
    fileprivate func forgiving(
        _ count: Int64, under limit: ThrottleLimit, isReserved: Bool, at now: Timestamp
    ) -> FailureCounter? {
        var counter = current(at: now)
        let reservation = now.advanced(by: limit.wait(after: counter.count))
        if isReserved, counter.nextAt == reservation { counter.nextAt = now }
        counter.count -= count
        return counter.count > 0 ? counter : nil
    }
}

extension FailureCounter {
    /// Whether the last failure is within that number of seconds, before or after: the clock may
    /// have been set back.
    fileprivate func isWithin(_ seconds: Int64, of now: Timestamp) -> Bool {
        abs(now.milliseconds - lastAt.milliseconds) < seconds * 1000
    }

    /// How long the next attempt must wait, in milliseconds.
    ///
    /// A wait far longer than the longest means that the clock was set back: it is ignored. A wait
    /// that is only a little longer is cut to the longest, because requests can reach this point
    /// in another order than they arrived in.
    fileprivate func wait(under limit: ThrottleLimit, at now: Timestamp) -> Int64 {
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

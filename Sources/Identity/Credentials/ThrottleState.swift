/// The failure counters that decide whether a password attempt may go on.
///
/// This type contains the whole rule. `PasswordAuthenticator` only loads and saves the counters. An
/// attempt passes these steps:
///
/// 1. Before the hash, `decide` is called. Once a counter has no free failures left, `decide` adds
///    a reservation for the attempt to the counters. The reservation makes the next attempt wait
///    even before the password of this one has been hashed.
/// 2. After the hash, `decide` is called again for an attempt without a reservation, on the
///    counters as they are at that time. So parallel guesses gain nothing: no more of them are
///    judged than if they had been sent one after the other.
/// 3. At the end, `recordFailure` or `recordSuccess` is called.
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
        /// Save the counters, which contain the reservation, and then check the password.
        case reserved
        /// Refuse the attempt without revealing whether the password is right.
        case throttled(seconds: Int64)
    }

    /// Failed attempts on this account from this network or, for a password change, within this
    /// session.
    var accountAndNetwork: FailureCounter?
    /// Failed attempts on this account from all networks that are not its known networks.
    var account: FailureCounter?
    /// Failed attempts on all accounts from this network.
    var network: FailureCounter?
    /// The mark of a known network: it has no failures, and its `lastAt` is the time of the last
    /// right password for this account from this network.
    var knownNetwork: FailureCounter?
    /// Whether the counter `account` applies.
    ///
    /// It applies to a login. It does not apply to a password change, which only a signed-in client
    /// can attempt.
    var countsAccount = true
    var limits = Limits()

    /// Decides whether the password may be checked, and reserves the attempt if a counter has no
    /// free failures left.
    mutating func decide(at now: Timestamp) -> Decision {
        let wait = wait(at: now)
        // Round up, so that a client that waits this long has waited long enough.
        guard wait == 0 else { return .throttled(seconds: (wait + 999) / 1000) }
        guard isBeyondFree(at: now) else { return .allowed }
        accountAndNetwork = accountAndNetwork.reserved(under: limits.accountAndNetwork, at: now)
        network = network.reserved(under: limits.network, at: now)
        if usesAccount(at: now) { account = account.reserved(under: limits.account, at: now) }
        return .reserved
    }

    /// Updates the counters after a wrong password.
    mutating func recordFailure(at now: Timestamp) {
        accountAndNetwork = accountAndNetwork.failed(under: limits.accountAndNetwork, at: now)
        network = network.failed(under: limits.network, at: now)
        if usesAccount(at: now) { account = account.failed(under: limits.account, at: now) }
    }

    /// Forgets the failed attempts on this account from this network, in every counter that
    /// includes them.
    ///
    /// All other failed attempts stay counted. Otherwise an attacker could clear them by signing in
    /// to an account of their own.
    ///
    /// - Parameters:
    ///   - isReserved: Whether `decide` has reserved this attempt. If so, the reservation is
    ///     released.
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

    /// Returns how long the attempt has to wait, in milliseconds; 0 if it may go on.
    ///
    /// In a known network, only failed attempts on this account from that network count, until the
    /// last free one. So until then, other people in that network cannot slow the owner down.
    /// Strangers elsewhere never can.
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

    /// Whether this account's password was right from this network within the last 30 days.
    private func isInKnownNetwork(at now: Timestamp) -> Bool {
        countsAccount && knownNetwork?.isWithin(Throttle.knownNetworkMemory, of: now) == true
    }

    private func usesAccount(at now: Timestamp) -> Bool {
        countsAccount && !isInKnownNetwork(at: now)
    }
}

extension FailureCounter? {
    /// Returns the counter, or an empty counter if the last failed attempt was at least a day ago.
    fileprivate func current(at now: Timestamp) -> FailureCounter {
        if let self, self.isWithin(Throttle.memory, of: now) { return self }
        return FailureCounter(count: 0, lastAt: now, nextAt: now)
    }

    /// Returns the counter with a reservation for an attempt whose result is not known yet.
    ///
    /// The next attempt has to wait after this attempt as long as after the last failed attempt.
    fileprivate func reserved(under limit: ThrottleLimit, at now: Timestamp) -> FailureCounter? {
        var counter = current(at: now)
        let wait = limit.wait(after: counter.count)
        guard wait > 0 else { return self }
        counter.nextAt = now.advanced(by: wait)
        return counter
    }

    /// Returns the counter after one more failed attempt.
    fileprivate func failed(under limit: ThrottleLimit, at now: Timestamp) -> FailureCounter {
        var counter = current(at: now)
        // While this password was hashed, another attempt may have reserved a wait. The new wait
        // must not end earlier than that one.
        let reserved = counter.wait(under: limit, at: now)
        counter.count += 1
        counter.lastAt = now
        counter.nextAt = now.advanced(by: max(limit.wait(after: counter.count), reserved))
        return counter
    }

    /// Returns the counter without `count` of its failures and, if this attempt was reserved,
    /// without its reservation.
    fileprivate func forgiving(
        _ count: Int64, under limit: ThrottleLimit, isReserved: Bool, at now: Timestamp
    ) -> FailureCounter? {
        var counter = current(at: now)
        let reservation = now.advanced(by: limit.wait(after: counter.count))
        if isReserved, counter.nextAt == reservation { counter.nextAt = counter.lastAt }
        counter.count -= count
        return counter.count > 0 ? counter : nil
    }
}

extension FailureCounter {
    /// Whether `lastAt` is less than this number of seconds away from the current time.
    ///
    /// `lastAt` can be in the future, because the clock may have been set back.
    fileprivate func isWithin(_ seconds: Int64, of now: Timestamp) -> Bool {
        abs(now.milliseconds - lastAt.milliseconds) < seconds * 1000
    }

    /// Returns how long the next attempt must wait, in milliseconds.
    ///
    /// If the wait is far longer than the maximum, the clock was set back, and the wait is ignored.
    /// If it is only a little longer, it is reduced to the maximum, because requests can reach this
    /// point in a different order from their arrival.
    ///
    /// A counter that causes no wait has `nextAt` equal to `lastAt`. Then there is no wait for an
    /// attempt that arrived before the last failed one either, although its hash took longer.
    fileprivate func wait(under limit: ThrottleLimit, at now: Timestamp) -> Int64 {
        guard nextAt > lastAt else { return 0 }
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

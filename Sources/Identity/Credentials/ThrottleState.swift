/// The failure counters that decide whether a password attempt may go on.
///
/// This type contains the whole rule. `PasswordAuthenticator` only loads and saves the counters. An
/// attempt passes these steps:
///
/// 1. Before the hash, `decide` is called. Once a counter has no free failures left, `decide` adds
///    a reservation for the attempt to the counters. The reservation makes the next attempt wait
///    even before the password of this one has been hashed.
/// 2. After the hash, `decide` is called again for an attempt without a reservation, on the
///    counters as they are at that time. So parallel guesses gain nothing: no more of them get a
///    result than if they had been sent one after the other.
/// 3. At the end, `recordFailure` or `recordSuccess` is called.
struct ThrottleState: Equatable, Sendable {
    /// The limits of the counters.
    struct Limits: Equatable, Sendable {
        var ownDevice = ThrottleLimit.ownDevice
        var accountAndNetwork = ThrottleLimit.accountAndNetwork
        var account = ThrottleLimit.account
        var network = ThrottleLimit.network
        /// The maximum wait in a known network, in seconds.
        var longestWaitInKnownNetwork: Int64 = 60
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

    /// Where the attempt comes from.
    let origin: AttemptOrigin
    /// The number of networks that contain the client, as in `Client.networks`.
    let networks: Int
    /// The counters that exist.
    private(set) var counters: [ThrottleScope: FailureCounter]
    var limits = Limits()

    init(
        from origin: AttemptOrigin, networks: Int,
        counters: [ThrottleScope: FailureCounter] = [:], limits: Limits = Limits()
    ) {
        self.origin = origin
        self.networks = networks
        self.counters = counters
        self.limits = limits
    }

    /// Decides whether the password may be checked, and reserves the attempt if a counter has no
    /// free failures left.
    mutating func decide(at now: Timestamp) -> Decision {
        let scopes = decidingScopes(at: now)
        let wait = scopes.map { current($0, at: now).wait(under: limit(of: $0), at: now) }.max()
        // Round up, so that a client that waits this long has waited long enough.
        if let wait, wait > 0 { return .throttled(seconds: (wait + 999) / 1000) }
        guard scopes.contains(where: { current($0, at: now).count >= limit(of: $0).free }) else {
            return .allowed
        }
        for scope in scopes {
            counters[scope] = counters[scope].reserved(under: limit(of: scope), at: now)
        }
        return .reserved
    }

    /// Updates the counters after a wrong password.
    mutating func recordFailure(at now: Timestamp) {
        for scope in countingScopes {
            counters[scope] = counters[scope].failed(under: limit(of: scope), at: now)
        }
    }

    /// Forgets the failed attempts on this account from this device, session or network, in every
    /// counter that includes them.
    ///
    /// All other failed attempts stay counted. Otherwise an attacker could clear a counter by
    /// signing in to an account of their own.
    ///
    /// - Parameters:
    ///   - isReserved: Whether `decide` has reserved this attempt. If so, the reservation is
    ///     released.
    ///   - now: The time of the attempt.
    mutating func recordSuccess(isReserved: Bool, at now: Timestamp) {
        let reserved = isReserved ? decidingScopes(at: now) : []
        let narrowest = countingScopes[0]
        let forgiven = current(narrowest, at: now).count
        counters[narrowest] = nil
        for scope in countingScopes.dropFirst() {
            counters[scope] = counters[scope].forgiving(
                forgiven, under: limit(of: scope), isReserved: reserved.contains(scope), at: now)
        }
    }

    private var networkScopes: [ThrottleScope] { (0..<networks).map { .network(width: $0) } }

    /// The counters that an attempt from `origin` changes, beginning with the narrowest.
    private var countingScopes: [ThrottleScope] {
        let pairs = (0..<networks).map { ThrottleScope.accountAndNetwork(width: $0) }
        return switch origin {
        case .knownDevice: [.device]
        case .session: [.session] + networkScopes
        case .knownNetwork: pairs + networkScopes
        case .elsewhere: pairs + networkScopes + [.account]
        }
    }

    /// The counters that decide about an attempt from `origin`.
    ///
    /// On a known device, only failed attempts from that device count. In a known network, only
    /// failed attempts on this account from that network count, until the free ones are used up. So
    /// until then, people who sign in to other accounts there cannot slow the owner down. Strangers
    /// elsewhere never can.
    private func decidingScopes(at now: Timestamp) -> [ThrottleScope] {
        guard origin == .knownNetwork else { return countingScopes }
        let narrowest = ThrottleScope.accountAndNetwork(width: 0)
        let isFree = current(narrowest, at: now).count < limit(of: narrowest).free
        return isFree ? [narrowest] : [narrowest] + networkScopes
    }

    private func limit(of scope: ThrottleScope) -> ThrottleLimit {
        switch scope {
        case .device, .session: limits.ownDevice
        case .account: limits.account
        case .network(let width): limits.network[width]
        case .accountAndNetwork(let width):
            origin == .knownNetwork && width == 0
                ? limits.accountAndNetwork[width].waiting(atMost: limits.longestWaitInKnownNetwork)
                : limits.accountAndNetwork[width]
        }
    }

    private func current(_ scope: ThrottleScope, at now: Timestamp) -> FailureCounter {
        counters[scope].current(at: now)
    }
}

extension FailureCounter? {
    /// Returns the counter, or an empty counter if the last failed attempt was at least a day ago.
    fileprivate func current(at now: Timestamp) -> FailureCounter {
        if let self, self.isWithin(Throttle.memory, of: now) { return self }
        return FailureCounter(count: 0, lastAt: now, nextAt: now)
    }

    /// Returns the counter with a reservation for an attempt whose result is not known yet; without
    /// a change if the limit requires no wait yet.
    ///
    /// The reservation starts the current wait again without lengthening it: until the result is
    /// known, the next attempt has to wait as long after this one as this one had to wait after the
    /// last failure.
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
        // must not end earlier than the reserved one.
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
    /// If the wait is more than a minute longer than the maximum, the clock was set back, and the
    /// wait is ignored. If the excess is smaller, the wait is reduced to the maximum, because
    /// requests can reach this point in a different order from their arrival.
    ///
    /// A counter that causes no wait has `nextAt` equal to `lastAt`. The first check covers an
    /// attempt that arrived before the last failed one, but took longer to hash: it does not wait
    /// either, although `nextAt` is after its arrival.
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

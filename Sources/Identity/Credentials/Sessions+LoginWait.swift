extension Sessions {
    /// Why the next login to an account has to wait.
    public struct LoginWait: Equatable, Sendable {
        /// What the failures that impose the wait have in common.
        public enum Cause: Equatable, Sendable {
            /// The failures were attempts on this account from this network.
            case accountAndNetwork
            /// The failures were attempts on this account from networks that are not known networks
            /// of the account.
            case account
            /// The failures were attempts on any accounts from this network.
            case network
        }

        /// What the failures have in common.
        public let cause: Cause
        /// The network of the login: an IPv4 address, or the first 64 bits of an IPv6 address.
        public let network: String
        /// The number of failures.
        public let failures: Int64
        /// How long the login has to wait, in seconds.
        public let seconds: Int64
    }

    /// Returns why the next login to an account from an address has to wait; `nil` if it does not.
    ///
    /// - Parameters:
    ///   - name: The e-mail address of the account.
    ///   - address: The IP address of the client; any other text, such as the empty string, stands
    ///     for a network from which nothing is known.
    ///   - now: The current time.
    /// - Returns: The longest wait and its cause.
    /// - Throws: An error thrown by the store.
    public func loginWait(
        as name: String, from address: String, at now: Timestamp
    ) async throws -> LoginWait? {
        let client = Client(address: address, device: "")
        let login = try authenticator.throttle.login(as: name, devices: [], from: client, at: now)
        return try await store.read { rows in
            var attempt = login
            try rows.resolve(&attempt)
            let state = try rows.throttleState(for: attempt)
            guard let seconds = state.wait(at: now) else { return nil }
            // The wait is the longest that any single counter imposes. Find that counter.
            for (scope, counter) in state.counters {
                guard let cause = LoginWait.Cause(scope) else { continue }
                let alone = ThrottleState(
                    from: state.origin, networks: state.networks, counters: [scope: counter])
                guard alone.wait(at: now) == seconds else { continue }
                return LoginWait(
                    cause: cause, network: client.networks[0], failures: counter.count,
                    seconds: seconds)
            }
            return nil
        }
    }
}

extension Sessions.LoginWait.Cause {
    fileprivate init?(_ scope: ThrottleScope) {
        switch scope {
        case .accountAndNetwork: self = .accountAndNetwork
        case .account: self = .account
        case .network: self = .network
        case .device, .session: return nil
        }
    }
}

extension ThrottleState {
    /// Returns how long the next attempt has to wait, in seconds; `nil` if it does not.
    fileprivate func wait(at now: Timestamp) -> Int64? {
        var state = self
        guard case .throttled(let seconds) = state.decide(at: now) else { return nil }
        return seconds
    }
}

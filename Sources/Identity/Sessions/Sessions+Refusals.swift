extension Sessions {
    /// Records that a signed-in caller was refused an action, so that the events say who tried it.
    ///
    /// The caller of this method must bound how often that happens.
    ///
    /// - Parameters:
    ///   - action: The refused action, for people.
    ///   - caller: The account and the session of the request.
    ///   - client: The client that sent the request.
    ///   - now: The current time.
    /// - Throws: An error thrown by the store.
    public func recordRefusal(
        of action: String, to caller: Caller, from client: Client, at now: Timestamp
    ) async throws {
        let event = Event(
            .refused, by: .owner, at: now, account: caller.account.id, session: caller.sessionID,
            address: client.address, detail: action)
        try await store.write { rows in try rows.record(event) }
    }
}

extension Sessions {
    /// Records that a signed-in caller was refused an action, so that the events show who tried it.
    ///
    /// Code that calls this method must limit how often it does so, because each call adds an
    /// event.
    ///
    /// - Parameters:
    ///   - action: The refused action, as text for human readers.
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

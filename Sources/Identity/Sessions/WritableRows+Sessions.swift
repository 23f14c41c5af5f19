extension WritableRows {
    /// Ends sessions and records an event for each of them.
    ///
    /// No other function ends sessions, so no session ends without a record of when, by whom and
    /// why it was ended.
    ///
    /// - Parameters:
    ///   - selection: The sessions to end.
    ///   - event: The event to record; its account and session are filled in for each session.
    /// - Returns: The number of sessions that were ended.
    /// - Throws: An error thrown by the store.
    @discardableResult
    func end(_ selection: SessionSelection, recording event: Event) throws -> Int {
        let ended: [(session: Session.ID, account: Account.ID)]
        switch selection {
        case .one(var session):
            session.endedAt = event.at
            try updateSession(session)
            ended = [(session.id, session.accountID)]
        case .ofAccount(let account, let kept):
            ended = try endSessions(of: account, except: kept, at: event.at).map { ($0, account) }
        case .ofAccountBeyondNewest(let account, let count):
            ended = try endSessions(of: account, keeping: count, at: event.at).map { ($0, account) }
        case .all:
            ended = try endAllSessions(at: event.at)
        }
        for (session, account) in ended {
            try record(event.about(session, of: account))
        }
        return ended.count
    }
}

extension Event {
    /// The event to record for each session that is ended because of this event.
    var endingSessions: Event {
        let session = sessionID.map { " in session \($0)" } ?? ""
        return Event(
            .sessionEnded, by: actor, at: at, address: address, detail: kind.rawValue + session)
    }

    fileprivate func about(_ session: Session.ID, of account: Account.ID) -> Event {
        Event(
            kind, by: actor, at: at, account: account, session: session, address: address,
            detail: detail)
    }
}

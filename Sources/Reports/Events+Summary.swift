package import Identity

extension ArraySlice<Event> {
    /// The first event and, if a command of the operator caused it, the events of the same command
    /// that follow it.
    package var firstCommand: ArraySlice<Event> {
        guard let first, first.actor == .operator else { return prefix(1) }
        return prefix { $0.actor == .operator && $0.at == first.at }
    }

    /// The events, in which a single event replaces ten or more events of one kind that the same
    /// command caused.
    ///
    /// An import adds an event for each account, and a restore adds one for each session. These
    /// many events would hide every other event. All events of one command have the same time, by
    /// which they are recognized.
    package var summarized: [Event] {
        var summary: [Event] = []
        var rest = self
        while !rest.isEmpty {
            let command = rest.firstCommand
            rest = rest.dropFirst(command.count)
            var kinds = Dictionary(grouping: command, by: \.kind)
            for event in command {
                guard let similar = kinds[event.kind] else { continue }
                if similar.count < 10 {
                    summary.append(event)
                } else {
                    summary.append(event.standing(for: similar))
                    kinds[event.kind] = nil
                }
            }
        }
        return summary
    }
}

extension Event {
    fileprivate func standing(for events: [Event]) -> Event {
        let isSame = !detail.isEmpty && events.allSatisfy { $0.detail == detail }
        return Event(
            kind, by: actor, at: at, address: address,
            detail: (isSame ? "\(detail): " : "")
                + "\(events.count) events of one command; --each lists them")
    }
}

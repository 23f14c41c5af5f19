package import Identity

extension ArraySlice<Event> {
    /// The first event, and those after it that the same command caused.
    package var firstCommand: ArraySlice<Event> {
        guard let first, first.actor == .operator else { return prefix(1) }
        return prefix { $0.actor == .operator && $0.at == first.at }
    }

    /// The events, with one in place of ten or more of a kind that the same command caused.
    ///
    /// An import adds an event for each account, and a restore one for each session. They would
    /// hide every other event. The events of one command have the same time.
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

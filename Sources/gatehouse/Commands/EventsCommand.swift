import API
import ArgumentParser
import Identity
import JSON
import Reports
import Settings

/// The command `gatehouse events`, which lists the events of accounts and sessions.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "List events of accounts and sessions, the latest last.",
        discussion: """
            Reads the database of GATEHOUSE_DATABASE, even while the server runs. Times are in \
            UTC. Events are kept for 90 days, at most 500,000 of each kind. Of refreshes, only the \
            latest 20 of a session are kept.
            """)

    @Option(
        help: ArgumentHelp(
            "Only events of this account; use its number if the account was removed.",
            valueName: "email or number"))
    var account: String?

    @Option(help: ArgumentHelp("Only events of this session.", valueName: "id"))
    var session: Session.ID?

    @Option(
        name: .customLong("kind"), parsing: .upToNextOption, help: "Only events of these kinds.")
    var kinds: [Event.Kind] = []

    @Option(
        help: ArgumentHelp(
            """
            Only events since then: a duration ago, such as 2h, or a time, such as \
            2026-11-24T08:30Z.
            """,
            valueName: "duration or time"),
        transform: EventsCommand.time)
    var since: Timestamp?

    @Option(help: "The maximum number of events; earlier ones are left out.")
    var limit = 100

    @Flag(help: "List each event, even if one command caused thousands, such as an import.")
    var each = false

    @Flag(help: "Print one JSON object per line, for each event.")
    var json = false

    private static func time(_ text: String) throws -> Timestamp {
        do throws(InvalidValue) {
            return try Since.parse(text, at: .now)
        } catch {
            throw ValidationError(error.reason)
        }
    }

    func validate() throws {
        guard (1...1_000_000).contains(limit) else {
            throw ValidationError("--limit must be from 1 to 1000000.")
        }
    }

    func run() async throws {
        try await withAccounts { accounts in
            let filter = Event.Filter(
                kinds: kinds.isEmpty ? nil : kinds, account: try await accountID(in: accounts),
                session: session, since: since, limit: limit)
            if json {
                for event in try await accounts.events(filter) { print(event.json) }
            } else {
                let events =
                    each
                    ? try await accounts.events(filter)
                    : try await EventsCommand.summary(of: filter, from: accounts.events)
                print(EventsCommand.table(of: events))
            }
        }
    }

    /// Returns the newest events that match a filter.
    ///
    /// If one command, such as an import, caused many events of a kind, one event stands for them.
    static func summary(
        of filter: Event.Filter, from read: (Event.Filter) async throws -> [Event]
    ) async throws -> [Event] {
        var wider = filter
        wider.limit += 1
        while true {
            let events = try await read(wider)
            let isAll = events.count < wider.limit
            // The command that caused the oldest event read may have caused earlier events, which
            // have not been read. Leave out the events of this command, which are incomplete.
            let whole = isAll ? events[...] : events.dropFirst(events[...].firstCommand.count)
            let summary = whole.summarized
            if isAll || summary.count >= filter.limit {
                return Array(summary.suffix(filter.limit))
            }
            wider.limit *= 4
        }
    }

    private func accountID(in accounts: Accounts) async throws -> Account.ID? {
        guard let account else { return nil }
        if let number = Account.ID(wholeNumber: account) { return number }
        return try await accounts.find(email: account).id
    }

    /// Formats events as a table.
    static func table(of events: [Event]) -> String {
        let rows = events.map { event in
            [
                event.at.iso8601, event.kind.rawValue, event.actor.rawValue,
                cell(event.accountID.map { "\($0)" } ?? ""),
                cell(event.sessionID.map { "\($0)" } ?? ""), cell(event.address),
                cell(event.detail),
            ]
        }
        let heads = ["AT", "KIND", "BY", "ACCOUNT", "SESSION", "ADDRESS", "DETAIL"]
        return TextTable([heads] + rows).text
    }
}

extension Event {
    /// The event as a JSON object on one line.
    var json: String {
        var writer = JSONWriter(capacity: 256)
        writer.append(#"{"at":"#)
        writer.append(string: at.iso8601)
        writer.append(#","kind":"#)
        writer.append(string: kind.rawValue)
        writer.append(#","by":"#)
        writer.append(string: actor.rawValue)
        writer.append(#","account":"#)
        if let accountID { writer.append(number: accountID) } else { writer.append("null") }
        writer.append(#","session":"#)
        // The ID is a string, as in the API, because many JSON parsers represent only integers up
        // to 2^53 exactly.
        if let sessionID { writer.append(string: "\(sessionID)") } else { writer.append("null") }
        writer.append(#","address":"#)
        writer.append(string: address)
        writer.append(#","detail":"#)
        writer.append(string: detail)
        writer.append("}")
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

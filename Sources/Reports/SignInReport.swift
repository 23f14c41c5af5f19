package import Identity
import Settings

/// What is known about why a person cannot sign in now or was signed out.
package struct SignInReport {
    /// A group of events that the report reads.
    ///
    /// Each group has a separate limit, so that many failed logins do not hide the end of a
    /// session.
    package enum Part: CaseIterable {
        case failures, logins, changes, ends

        package var kinds: [Event.Kind] {
            switch self {
            case .failures: [.failedLogin]
            case .logins: [.login]
            case .changes: [.disabled, .enabled, .passwordChanged]
            case .ends: [.reuse, .logout, .sessionEnded]
            }
        }

        package var limit: Int {
            switch self {
            case .failures: 1000
            case .logins, .changes: 50
            case .ends: 10
            }
        }
    }

    /// The e-mail address that the report is about.
    package let email: String
    package let now: Timestamp
    package var account: Account?
    /// The e-mail address of an account, if it is spelt almost like `email`.
    package var similarAddress: String?
    package var sessions: [Session] = []
    package var events: [Part: [Event]] = [:]
    /// The e-mail addresses of the administrators who changed the account.
    package var emails: [Account.ID: String] = [:]
    /// How long a login has to wait in the networks of `addresses`, and in a network where the
    /// account is not known; nil if the server's secret could not be read, from which the keys of
    /// the failure counters are derived.
    package var waits: [Sessions.LoginWait]?

    package init(email: String, now: Timestamp) { (self.email, self.now) = (email, now) }

    /// The IP addresses of the clients of live sessions and of recent logins, including failed
    /// logins.
    package var addresses: [String] {
        let tried = (events[.failures] ?? []) + (events[.logins] ?? [])
        let all = sessions.map(\.client.address) + tried.map(\.address)
        return Set(all).subtracting([""]).sorted()
    }

    /// The IDs of the administrators who changed the account.
    package var administrators: [Account.ID] {
        (events[.changes] ?? []).compactMap(\.administrator)
    }

    /// The report, a line for each finding.
    package var text: String { (present + waitLines + past).joined(separator: "\n") }

    private var present: [String] {
        guard let account else {
            let similar = similarAddress.map {
                "There is an account \($0.escaped), which is written nearly like it."
            }
            return ["No account has the address \(email.escaped)."] + [similar].compactMap(\.self)
        }
        guard account.isDisabled else {
            let isFree = waits?.isEmpty == true
            return [
                isFree
                    ? "The account is enabled, and no login has to wait: the right password signs in."
                    : "The account is enabled."
            ]
        }
        let disabling = events[.changes]?.last { $0.kind == .disabled }
        let how = disabling.map { " since \($0.at.iso8601), by \(author(of: $0))" } ?? ""
        return [
            "The account is disabled\(how). `gatehouse user enable \(email.escaped)` enables it."
        ]
    }

    private var waitLines: [String] {
        guard let waits else {
            return [
                "Whether a login has to wait is not known: the server's secret cannot be read; "
                    + "run the command with sudo."
            ]
        }
        return waits.map { wait in
            let end = Timestamp(milliseconds: now.milliseconds + wait.seconds * 1000)
            let place =
                wait.network.isEmpty ? "a network that it is not known at" : wait.network.escaped
            let reason =
                switch wait.cause {
                case .accountAndNetwork: "\(wait.failures) failed logins to this account from there"
                case .account:
                    "\(wait.failures) failed logins to this account from networks that it is not "
                        + "known at"
                case .network: "\(wait.failures) failed logins to all accounts from there"
                }
            return "A login from \(place) has to wait until \(end.iso8601), because of \(reason)."
        }
    }

    private var past: [String] {
        guard account != nil else { return [] }
        var lines: [String] = []
        let day = now.milliseconds - 86_400_000
        let failures = (events[.failures] ?? []).filter { $0.at.milliseconds > day }
        if let last = failures.last {
            let number = failures.count == 1 ? "1 login" : "\(failures.count) logins"
            lines.append(
                "\(number) failed within a day, the last one at \(last.at.iso8601) from "
                    + "\(last.address.isEmpty ? "-" : last.address.escaped): a wrong password, or a disabled account."
            )
        }
        if let change = events[.changes]?.last(where: { $0.kind == .passwordChanged }) {
            lines.append(
                "The password was changed at \(change.at.iso8601), by \(author(of: change)).")
        }
        lines += (events[.ends] ?? []).map(end)
        let newest = sessions.map(\.seenAt.milliseconds).max().map(Timestamp.init(milliseconds:))
        lines.append(
            newest.map {
                "Live sessions: \(sessions.count), the last one used at \($0.iso8601)."
            } ?? "There is no live session.")
        return lines
    }

    private func end(_ event: Event) -> String {
        let session = event.sessionID.map { "Session \($0)" } ?? "A session"
        let place = event.address.isEmpty ? "" : " from \(event.address.escaped)"
        let detail = event.detail.isEmpty ? "" : " (\(event.detail.escaped))"
        let how =
            switch event.kind {
            case .reuse: "because a copy of its tokens was used\(place)"
            case .logout: "by a logout\(place)"
            default: "by \(author(of: event))\(place)"
            }
        return "\(session) ended at \(event.at.iso8601) \(how)\(detail)."
    }

    private func author(of event: Event) -> String {
        switch event.actor {
        case .owner: "the owner"
        case .operator: "the operator of this machine"
        case .admin:
            "the administrator"
                + (event.administrator.map { " \(emails[$0]?.escaped ?? "\($0)")" } ?? "")
        case .gatehouse: "Gatehouse"
        case .stranger: "someone who is not signed in"
        }
    }
}

extension Event {
    /// The ID of the administrator who caused this event, from its detail; nil for other actors.
    fileprivate var administrator: Account.ID? {
        guard actor == .admin, let range = detail.firstRange(of: "by account ") else { return nil }
        return Account.ID(wholeNumber: detail[range.upperBound...])
    }
}

import Identity
import Settings
import Testing

@testable import Reports

struct SignInReportTests {
    private static let now = Timestamp(seconds: 1_738_324_800)

    private func account(isDisabled: Bool = false) -> Account {
        Account(
            id: 7, email: "john@example.com", role: .user, isDisabled: isDisabled,
            createdAt: Timestamp(seconds: 1))
    }

    private func report(_ change: (inout SignInReport) -> Void) -> [String] {
        var report = SignInReport(email: "john@example.com", now: Self.now)
        report.waits = []
        change(&report)
        return report.text.split(separator: "\n").map(String.init)
    }

    @Test func `an unknown address is reported, with the account that is written nearly like it`() {
        #expect(report { _ in } == ["No account has the address john@example.com."])
        #expect(
            report { $0.similarAddress = "jon@example.com" }.last
                == "There is an account jon@example.com, which is written nearly like it.")
    }

    @Test func `an account that can sign in is reported as such`() {
        #expect(
            report { $0.account = account() } == [
                "The account is enabled, and no login has to wait: the right password signs in.",
                "There is no live session.",
            ])
    }

    @Test func `a disabled account is reported with the time and the administrator`() {
        let lines = report {
            $0.account = account(isDisabled: true)
            $0.events[.changes] = [
                Event(
                    .disabled, by: .admin, at: Timestamp(seconds: 1_738_324_000), account: 7,
                    address: "192.0.2.1", detail: "by account 3")
            ]
            $0.emails = [3: "admin@example.com"]
        }

        #expect(
            lines[0] == """
                The account is disabled since 2025-01-31T11:46:40.000Z, by the administrator \
                admin@example.com. `gatehouse user enable john@example.com` enables it.
                """)
    }

    @Test func `without the secret, waits are unknown, and the report says so`() {
        let lines = report {
            $0.account = account()
            $0.waits = nil
        }

        #expect(lines[0] == "The account is enabled.")
        #expect(lines[1].contains("cannot be read; run the command with sudo"))
    }

    @Test func `the end of a session is reported with its cause`() {
        func event(_ kind: Event.Kind, _ actor: Event.Actor, _ detail: String) -> Event {
            Event(
                kind, by: actor, at: Self.now, account: 7, session: 9, address: "192.0.2.1",
                detail: detail)
        }
        let lines = report {
            $0.account = account()
            $0.events[.ends] = [
                event(.reuse, .gatehouse, "generation 0 presented"),
                event(.logout, .owner, ""), event(.sessionEnded, .admin, "disabled"),
                event(.sessionEnded, .gatehouse, "more than 5 sessions"),
            ]
        }
        let beginning = "Session 9 ended at 2025-01-31T12:00:00.000Z "

        #expect(
            lines.filter { $0.hasPrefix("Session") }
                == [
                    "because a copy of its tokens was used from 192.0.2.1 (generation 0 presented).",
                    "by a logout from 192.0.2.1.",
                    "by the administrator from 192.0.2.1 (disabled).",
                    "by Gatehouse from 192.0.2.1 (more than 5 sessions).",
                ].map { beginning + $0 })
    }

    @Test func `text from outside is escaped for the terminal`() {
        #expect(
            SignInReport(email: "\u{1B}[2J", now: Self.now).text.hasPrefix(
                #"No account has the address \u{1b}[2J."#))
    }
}

import Identity
import Reports
import Settings
import TestSupport
import Testing

@testable import gatehouse

struct EventsCommandTests {
    private let reuse = Event(
        .reuse, by: .gatehouse, at: Timestamp(milliseconds: 1_738_324_800_250), account: 12,
        session: .max, address: "203.0.113.9",
        detail: "generation 3 presented, newest 5, last from 198.51.100.7")
    private let failure = Event(
        .failedLogin, by: .stranger, at: Timestamp(seconds: 1_738_324_801),
        address: "2001:db8::1")

    @Test func `events are listed in aligned columns, with a dash for missing values`() {
        #expect(
            EventsCommand.table(of: [reuse, failure]) == """
                AT                        KIND          BY         ACCOUNT  SESSION              \
                ADDRESS      DETAIL
                2025-01-31T12:00:00.250Z  reuse         gatehouse  12       9223372036854775807  \
                203.0.113.9  generation 3 presented, newest 5, last from 198.51.100.7
                2025-01-31T12:00:01.000Z  failed-login  stranger   -        -                    \
                2001:db8::1  -
                """)
    }

    @Test func `an event is printed as one line of JSON`() {
        let odd = Event(
            .login, by: .owner, at: Timestamp(seconds: 0), account: 1, session: 2,
            address: "\u{1B}[2J", detail: "a\n\"b\"")

        #expect(
            reuse.json == """
                {"at":"2025-01-31T12:00:00.250Z","kind":"reuse","by":"gatehouse","account":12,\
                "session":"9223372036854775807","address":"203.0.113.9",\
                "detail":"generation 3 presented, newest 5, last from 198.51.100.7"}
                """)
        #expect(failure.json.contains(#""account":null,"session":null,"#))
        #expect(odd.json.contains(#""address":"\u001b[2J","detail":"a\n\"b\"""#))
        #expect(!odd.json.contains("\n"))
    }

    private func imported(_ count: Int, at seconds: Int64) -> [Event] {
        (0..<count).flatMap { number -> [Event] in
            let added = Event(
                .added, by: .operator, at: Timestamp(seconds: seconds), account: Int64(number),
                detail: "user, imported")
            let disabled = Event(
                .disabled, by: .operator, at: Timestamp(seconds: seconds), account: Int64(number))
            return number < 2 ? [added, disabled] : [added]
        }
    }

    @Test func `the events of an import are listed as one of each kind`() async throws {
        let all = [failure] + imported(1000, at: 1_738_324_900) + [reuse]

        let summary = try await EventsCommand.summary(of: Event.Filter(limit: 5)) { filter in
            all.suffix(filter.limit)
        }

        #expect(summary.map(\.kind) == [.failedLogin, .added, .disabled, .disabled, .reuse])
        #expect(summary[1].accountID == nil)
        #expect(
            summary[1].detail == "user, imported: 1000 events of one command; --each lists them")
        #expect(summary[2].accountID == 0)
    }

    @Test(arguments: 1...8)
    func `the limit is that of the lines, and no count is cut`(limit: Int) async throws {
        let all = (1...7).flatMap { imported($0 * 10, at: 1_738_324_900 + Int64($0)) }

        let summary = try await EventsCommand.summary(
            of: Event.Filter(kinds: [.added], limit: limit)
        ) { filter in
            all.filter { $0.kind == .added }.suffix(filter.limit)
        }

        #expect(summary.count == min(limit, 7))
        #expect(summary.first?.detail.contains(" \((8 - min(limit, 7)) * 10) events") == true)
    }

    @Test func `events that clients caused are never put together`() {
        let failures = Array(repeating: failure, count: 10)

        #expect(failures[...].summarized == failures)
    }

    @Test func `text from outside is escaped for the terminal`() {
        let table = EventsCommand.table(of: [
            Event(
                .login, by: .owner, at: Timestamp(seconds: 0), address: "\u{1B}[2J",
                detail: "\u{9B}31m\n")
        ])

        #expect(table.hasSuffix(#"\u{1b}[2J  \u{9b}31m\u{a}"#))
    }
}

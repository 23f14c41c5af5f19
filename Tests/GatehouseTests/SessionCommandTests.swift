import Identity
import Settings
import TestSupport
import Testing

@testable import gatehouse

struct SessionCommandTests {
    private func session(_ id: Session.ID, address: String, device: String) -> Session {
        let start = Timestamp(seconds: 1_738_324_800)
        return Session(
            id: id, accountID: 1, startedAt: start,
            expiresAt: Timestamp(seconds: start.seconds + 60),
            family: RefreshTokenFamily(startedAt: start),
            seenAt: Timestamp(milliseconds: start.milliseconds + 1500),
            client: Client(address: address, device: device))
    }

    @Test func `sessions are listed in aligned columns`() {
        let sessions = [
            session(.max, address: "2001:db8::1", device: "Firefox on Linux"),
            session(7, address: "", device: ""),
        ]

        #expect(
            SessionCommand.table(of: sessions) == """
                ID                   CREATED                   LAST SEEN                 \
                ADDRESS      DEVICE
                9223372036854775807  2025-01-31T12:00:00.000Z  2025-01-31T12:00:01.500Z  \
                2001:db8::1  Firefox on Linux
                7                    2025-01-31T12:00:00.000Z  2025-01-31T12:00:01.500Z  \
                -            -
                """)
    }

    @Test func `text from a client is escaped for the terminal`() {
        let table = SessionCommand.table(of: [
            session(7, address: "\u{1B}[2J", device: "a\nb\u{9B}c\u{202E}d")
        ])

        #expect(table.contains(#"\u{1b}[2J  a\u{a}b\u{9b}c\u{202e}d"#))
        #expect(table.split(separator: "\n").count == 2)
    }

    @Test func `an empty list of sessions has only a heading`() {
        #expect(
            SessionCommand.table(of: []) == "ID  CREATED  LAST SEEN  ADDRESS  DEVICE")
    }
}

import TestSupport
import Testing

@testable import Settings

struct LifetimeTests {
    @Test(arguments: [
        ("1", 1), ("90", 90), ("90s", 90), ("15m", 900), ("24h", 86400), ("30d", 2_592_000),
        (" 1m\t", 60), ("\n1m\r\n", 60), ("007s", 7), ("3650d", 315_360_000),
        ("315360000", 315_360_000),
    ])
    func `a duration is a whole number and a unit`(text: String, seconds: Int) throws {
        #expect(try Lifetime.parse(text) == .seconds(seconds))
    }

    @Test(arguments: [
        "3651d", "315360001", "9223372036854775807d", "9223372036854775808",
        "99999999999999999999999999s",
    ])
    func `a duration that would overflow is rejected`(text: String) {
        #expect(throws: InvalidValue("\(text.quoted) is too long; write 3650d or less")) {
            try Lifetime.parse(text)
        }
    }

    @Test(arguments: [
        "", " ", "s", "1S", "1sm", "+1m", "-0", "1_000", "0x10", "1,5h", "１m", "1\u{A0}", "1\0",
        "∞",
    ])
    func `anything else is not a duration`(text: String) {
        #expect(throws: InvalidValue.self) { try Lifetime.parse(text) }
    }
}

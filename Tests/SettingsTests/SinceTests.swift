import Identity
import Settings
import Testing

struct SinceTests {
    private let now = Timestamp(milliseconds: 1_738_324_800_250)

    @Test(arguments: [
        ("90", 90_000), ("2h", 7_200_000), ("1d", 86_400_000), (" 15m ", 900_000),
    ])
    func `a duration means that long ago`(text: String, milliseconds: Int64) throws {
        #expect(
            try Since.parse(text, at: now).milliseconds == now.milliseconds - milliseconds)
    }

    @Test(arguments: [
        ("2025-01-31", 1_738_281_600_000), ("2025-01-31T12:00", 1_738_324_800_000),
        ("2025-01-31T12:00Z", 1_738_324_800_000), ("2025-01-31T12:00:00Z", 1_738_324_800_000),
        ("2025-01-31T12:00:00.250Z", 1_738_324_800_250), ("2024-02-29", 1_709_164_800_000),
        ("1970-01-01T00:00:00.001", 1),
    ])
    func `a time is in UTC`(text: String, milliseconds: Int64) throws {
        #expect(try Since.parse(text, at: now).milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "yesterday", "0", "-2h", "2025-02-29", "2025-13-01", "2025-00-10", "2025-01-00",
        "2025-1-31", "25-01-31", "2025-01-31T", "2025-01-31T12", "2025-01-31T24:00",
        "2025-01-31T12:60", "2025-01-31T12:00:60", "2025-01-31T12:00:00.25", "2025-01-31Z",
        "2025-01-31T12:00+01:00", "2025-01-31 12:00", "2025-01-31T12:00ZZ", "+025-01-31",
        "２025-01-31",
    ])
    func `anything else is refused`(text: String) {
        #expect(throws: InvalidValue.self) { try Since.parse(text, at: now) }
    }

    @Test func `an error quotes and escapes the rejected text`() throws {
        let error = try #require(throws: InvalidValue.self) {
            try Since.parse("\u{1B}[2J", at: now)
        }

        #expect(error.reason.contains(#""\u{1b}[2J""#))
    }
}

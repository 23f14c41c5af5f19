import Identity
import Testing

struct TimestampISO8601Tests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"),
        (784_111_777_000, "1994-11-06T08:49:37.000Z"),
        (951_782_399_999, "2000-02-28T23:59:59.999Z"),
        (951_782_400_007, "2000-02-29T00:00:00.007Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
    ])
    func `a time is written in ISO 8601 with milliseconds`(milliseconds: Int64, text: String) {
        #expect(Timestamp(milliseconds: milliseconds).iso8601 == text)
    }
}

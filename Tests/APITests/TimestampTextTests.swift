import Identity
import Testing

@testable import API

struct TimestampTextTests {
    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00.000Z"),
        (784_111_777_000, "Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"),
        (951_782_399_999, "Mon, 28 Feb 2000 23:59:59 GMT", "2000-02-28T23:59:59.999Z"),
        (951_782_400_007, "Tue, 29 Feb 2000 00:00:00 GMT", "2000-02-29T00:00:00.007Z"),
        (4_107_542_400_000, "Mon, 01 Mar 2100 00:00:00 GMT", "2100-03-01T00:00:00.000Z"),
    ])
    func `a moment is written as HTTP and as ISO 8601 write it`(
        milliseconds: Int64, http: String, iso: String
    ) {
        let moment = Timestamp(milliseconds: milliseconds)

        #expect(moment.httpDate == http)
        #expect(moment.iso8601 == iso)
    }
}

import Metrics
import Testing

struct HistogramTests {
    @Test(arguments: [
        (-5, 0), (0, 0), (1, 0), (2, 0), (4, 0), (5, 1), (8, 1), (9, 2), (16, 2), (17, 3),
        (Int.max / 2, 3),
    ])
    func `a value is counted in the bucket of the smallest bound not less than it`(
        value: Int, bucket: Int
    ) {
        var histogram = Histogram(exponents: 2...4)
        histogram.record(value)

        #expect(histogram.counts.firstIndex(of: 1) == bucket)
        #expect(histogram.counts.count == 4)
        #expect(histogram.count == 1)
        #expect(histogram.sum == max(value, 0))
    }
}

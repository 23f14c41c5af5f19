import Metrics
import Testing

struct PrometheusTextTests {
    @Test func `counters and gauges have a line for each sample`() {
        var page = PrometheusText()
        page.counter("a_total", "As.", [("x=\"1\"", 2), ("x=\"2\"", 3)])
        page.gauge("b", "Bs.", [("", 4)])
        page.gauge("c", "Cs.", [])

        #expect(
            page.text == """
                # HELP a_total As.
                # TYPE a_total counter
                a_total{x="1"} 2
                a_total{x="2"} 3
                # HELP b Bs.
                # TYPE b gauge
                b 4
                # HELP c Cs.
                # TYPE c gauge

                """)
    }

    @Test func `the buckets of a histogram are cumulative, and the last counts all values`() {
        var histogram = Histogram(exponents: 0...2)
        for value in [1, 2, 2, 100] { histogram.record(value) }
        var page = PrometheusText()
        page.histogram("d_seconds", "Ds.", unit: 0.5, [("x=\"1\"", histogram)])

        #expect(
            page.text == """
                # HELP d_seconds Ds.
                # TYPE d_seconds histogram
                d_seconds_bucket{x="1",le="0.5"} 1
                d_seconds_bucket{x="1",le="1"} 3
                d_seconds_bucket{x="1",le="2"} 3
                d_seconds_bucket{x="1",le="+Inf"} 4
                d_seconds_sum{x="1"} 52.5
                d_seconds_count{x="1"} 4

                """)
    }
}

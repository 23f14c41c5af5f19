/// Metrics in the text format of Prometheus, version 0.0.4.
///
/// See https://prometheus.io/docs/instrumenting/exposition_formats. Labels are not escaped, so
/// callers must not use quotes, backslashes or line breaks in label values.
public struct PrometheusText {
    /// The format's media type.
    public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// The text written so far.
    public private(set) var text = ""

    /// Creates a text without metrics.
    public init() {}

    /// Writes a counter, a number that only grows until the process ends.
    public mutating func counter(
        _ name: String, _ help: String, _ samples: [(labels: String, value: Int)]
    ) {
        family(name, "counter", help)
        for (labels, value) in samples { sample(name, labels, "\(value)") }
    }

    /// Writes a gauge, a number that can go up and down.
    public mutating func gauge(
        _ name: String, _ help: String, _ samples: [(labels: String, value: Int)]
    ) {
        family(name, "gauge", help)
        for (labels, value) in samples { sample(name, labels, "\(value)") }
    }

    /// Writes histograms that share a name.
    ///
    /// Recorded values are multiplied by `unit`. For example, 0.000001 converts microseconds to
    /// seconds, for a name that ends in `_seconds`.
    public mutating func histogram(
        _ name: String, _ help: String, unit: Double,
        _ samples: [(labels: String, histogram: Histogram)]
    ) {
        family(name, "histogram", help)
        for (labels, histogram) in samples {
            var sum = 0
            for (exponent, count) in zip(histogram.exponents, histogram.counts) {
                sum += count
                let bound = number(Double(1 << exponent) * unit)
                let separator = labels.isEmpty ? "" : ","
                sample("\(name)_bucket", "\(labels)\(separator)le=\"\(bound)\"", "\(sum)")
            }
            let separator = labels.isEmpty ? "" : ","
            sample("\(name)_bucket", "\(labels)\(separator)le=\"+Inf\"", "\(histogram.count)")
            sample("\(name)_sum", labels, number(Double(histogram.sum) * unit))
            sample("\(name)_count", labels, "\(histogram.count)")
        }
    }

    private mutating func family(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private mutating func sample(_ name: String, _ labels: String, _ value: String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    /// Formats a number, without a fraction if it is an integer.
    private func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}

/// A histogram whose bucket bounds are powers of two, with the sum of its values.
///
/// Values are integers in a unit that the caller chooses. Recording a value takes a few
/// instructions and never allocates memory.
public struct Histogram: Equatable, Sendable {
    /// The exponents of the bucket bounds.
    ///
    /// The bound of bucket `n` is 2 to the power of the n-th exponent.
    public let exponents: ClosedRange<Int>
    /// The number of values in each bucket.
    ///
    /// The counts are not cumulative. A value is counted only in the first bucket whose bound is
    /// not less than the value. The last bucket counts values above all bounds.
    public private(set) var counts: [Int]
    /// The sum of all values.
    public private(set) var sum = 0

    /// Creates an empty histogram whose bounds are 2 to the power of each exponent.
    public init(exponents: ClosedRange<Int>) {
        self.exponents = exponents
        counts = Array(repeating: 0, count: exponents.count + 1)
    }

    /// The number of recorded values.
    public var count: Int { counts.reduce(0, +) }

    /// Records a value.
    ///
    /// A negative value, such as a duration during which the clock was set back, counts as zero.
    public mutating func record(_ value: Int) {
        let value = max(value, 0)
        // Find the smallest exponent for which 2 to the power of the exponent is at least the
        // value.
        let exponent = value <= 1 ? 0 : Int.bitWidth - (value - 1).leadingZeroBitCount
        let bucket = min(max(exponent - exponents.lowerBound, 0), exponents.count)
        counts[bucket] += 1
        sum += value
    }
}

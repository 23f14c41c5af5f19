/// A histogram whose bucket bounds are powers of two, with the sum of its values.
///
/// Values are integers in a unit that the caller chooses. Recording a value takes a few instructions
/// and never allocates.
public struct Histogram: Equatable, Sendable {
    /// The exponents of the bounds: bucket `n` counts values up to 2 to the power of the n-th exponent.
    public let exponents: ClosedRange<Int>
    /// The number of values in each bucket, not cumulated.
    ///
    /// The last bucket counts values above all bounds.
    public private(set) var counts: [Int]
    /// The sum of all values.
    public private(set) var sum = 0

    /// Makes an empty histogram with one bound, 2 to the power of it, for each exponent.
    public init(exponents: ClosedRange<Int>) {
        self.exponents = exponents
        counts = Array(repeating: 0, count: exponents.count + 1)
    }

    /// The number of recorded values.
    public var count: Int { counts.reduce(0, +) }

    /// Records a value.
    ///
    /// A negative value, such as a duration after the clock was set back, counts as zero.
    public mutating func record(_ value: Int) {
        let value = max(value, 0)
        // The smallest exponent for which 2 to its power is not less than the value.
        let exponent = value <= 1 ? 0 : Int.bitWidth - (value - 1).leadingZeroBitCount
        let bucket = min(max(exponent - exponents.lowerBound, 0), exponents.count)
        counts[bucket] += 1
        sum += value
    }
}

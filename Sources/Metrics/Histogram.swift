/// How many values were how large, to the nearest power of two, and their sum.
///
/// Values are whole numbers of a unit that the owner chooses. To record one costs a few
/// instructions and never allocates.
public struct Histogram: Equatable, Sendable {
    /// The exponents of the bounds: bucket `n` counts values up to 2 to the power of the n-th.
    public let exponents: ClosedRange<Int>
    /// How many values were in each bucket alone; the last counts those beyond every bound.
    public private(set) var counts: [Int]
    /// The sum of all values.
    public private(set) var sum = 0

    /// Makes an empty histogram with bounds from 2 to the power of the first exponent to 2 to that
    /// of the last, each twice the one before.
    public init(exponents: ClosedRange<Int>) {
        self.exponents = exponents
        counts = Array(repeating: 0, count: exponents.count + 1)
    }

    /// How many values were recorded.
    public var count: Int { counts.reduce(0, +) }

    /// Counts a value; one below zero, as a clock that goes back gives it, as zero.
    public mutating func record(_ value: Int) {
        let value = max(value, 0)
        // The least exponent whose power is no less than the value.
        let exponent = value <= 1 ? 0 : Int.bitWidth - (value - 1).leadingZeroBitCount
        let bucket = min(max(exponent - exponents.lowerBound, 0), exponents.count)
        counts[bucket] += 1
        sum += value
    }
}

/// Reads the numbers that `Packer` has packed, in the same order.
struct Unpacker {
    var bits: UInt128

    mutating func take(_ width: UInt128) -> Int {
        let value = Int(truncatingIfNeeded: bits & (1 << width - 1))
        bits >>= width
        return value
    }

    mutating func flag() -> Bool { take(1) == 1 }

    mutating func age() -> Int? {
        let value = take(Packer.ageWidth)
        return value == Packer.noAge ? nil : value - Packer.zeroAge
    }
}

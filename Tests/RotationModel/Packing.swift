/// Writes small numbers one after the other into one large one.
private struct Packer {
    var bits: UInt128 = 0
    var count: UInt128 = 0

    mutating func add(_ value: Int, _ width: UInt128) {
        precondition(value >> Int(width) == 0, "a run is too large for its numbers")
        bits |= UInt128(truncatingIfNeeded: value) << count
        count += width
    }
}

private struct Unpacker {
    var bits: UInt128

    mutating func take(_ width: UInt128) -> Int {
        let value = Int(truncatingIfNeeded: bits & (1 << width - 1))
        bits >>= width
        return value
    }

    mutating func flag() -> Bool { take(1) == 1 }

    mutating func age() -> Int? {
        let value = take(ageWidth)
        return value == none ? nil : value - zero
    }
}

/// Ages are -15 to 15; 31 says that there is none.
private let ageWidth: UInt128 = 5
private let zero = 15
private let none = 31

extension World {
    /// The world as one number, the same for the same world.
    var packed: UInt128 {
        var packer = Packer()
        for index in 0..<4 { packer.add(Int(tabs[index]), 11) }
        packer.add(chain.isLive ? 1 : 0, 1)
        packer.add(chain.hasParent ? 1 : 0, 1)
        packer.add(chain.handed + zero, ageWidth)
        packer.add(chain.confirmed.map { $0 + zero } ?? none, ageWidth)
        packer.add(chain.apart.repeated.map { $0 + zero } ?? none, ageWidth)
        packer.add(chain.apart.settling.map { $0 + zero } ?? none, ageWidth)
        packer.add(Int(chain.key ?? 3), 2)
        packer.add(Int(jar?.rawValue ?? 7), 3)
        packer.add(Int(jarKey), 1)
        packer.add(newestSeen, 4)
        packer.add(siblingSeen, 4)
        packer.add(Int(key), 1)
        packer.add(hasLoggedOut ? 1 : 0, 1)
        packer.add(hasSteppedClock ? 1 : 0, 1)
        packer.add(Int(attempt), 1)
        packer.add(isWaiting ? 1 : 0, 1)
        packer.add(Int(thief.refreshTokens), 5)
        packer.add(Int(thief.accessTokens), 2)
        packer.add(Int(thief.lead.rawValue), 3)
        packer.add(thief.wasLast ? 1 : 0, 1)
        packer.add(thief.quiet, 4)
        packer.add(thief.unhanded, 4)
        packer.add(thief.used ?? 15, 4)
        packer.add(Int(thief.users.rawValue), 2)
        return packer.bits
    }

    init(packed: UInt128) {
        self.init()
        var from = Unpacker(bits: packed)
        for index in 0..<4 { tabs[index] = UInt16(from.take(11)) }
        chain.isLive = from.flag()
        chain.hasParent = from.flag()
        chain.handed = from.take(ageWidth) - zero
        chain.confirmed = from.age()
        chain.apart.repeated = from.age()
        chain.apart.settling = from.age()
        let key = from.take(2)
        chain.key = key == 3 ? nil : UInt8(key)
        jar = Standing(rawValue: UInt8(from.take(3)))
        jarKey = UInt8(from.take(1))
        newestSeen = from.take(4)
        siblingSeen = from.take(4)
        self.key = UInt8(from.take(1))
        hasLoggedOut = from.flag()
        hasSteppedClock = from.flag()
        attempt = UInt8(from.take(1))
        isWaiting = from.flag()
        thief.refreshTokens = UInt8(from.take(5))
        thief.accessTokens = UInt8(from.take(2))
        thief.lead = Thief.Lead(rawValue: UInt8(from.take(3))) ?? .none
        thief.wasLast = from.flag()
        thief.quiet = from.take(4)
        thief.unhanded = from.take(4)
        let used = from.take(4)
        thief.used = used == 15 ? nil : used
        thief.users = Thief.Users(rawValue: UInt8(from.take(2)))
    }
}

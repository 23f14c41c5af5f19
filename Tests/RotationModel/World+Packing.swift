extension World {
    /// The world as one number; equal worlds have equal numbers.
    var packed: UInt128 {
        var packer = Packer()
        for index in 0..<4 { packer.add(Int(tabs[index]), 11) }
        packer.add(family.isLive ? 1 : 0, 1)
        packer.add(family.hasPrevious ? 1 : 0, 1)
        packer.add(age: family.sinceIssued)
        packer.add(age: family.sinceFirstUse)
        packer.add(age: family.apart.repeated)
        packer.add(age: family.apart.settling)
        packer.add(Int(family.key ?? 3), 2)
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
        packer.add(thief.sinceIssuedToOther, 4)
        packer.add(thief.used ?? 15, 4)
        packer.add(Int(thief.users.rawValue), 2)
        return packer.bits
    }

    init(packed: UInt128) {
        self.init()
        var from = Unpacker(bits: packed)
        for index in 0..<4 { tabs[index] = UInt16(from.take(11)) }
        family.isLive = from.flag()
        family.hasPrevious = from.flag()
        family.sinceIssued = from.age() ?? 0
        family.sinceFirstUse = from.age()
        family.apart.repeated = from.age()
        family.apart.settling = from.age()
        let key = from.take(2)
        family.key = key == 3 ? nil : UInt8(key)
        jar = TokenPosition(rawValue: UInt8(from.take(3)))
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
        thief.sinceIssuedToOther = from.take(4)
        let used = from.take(4)
        thief.used = used == 15 ? nil : used
        thief.users = Thief.Users(rawValue: UInt8(from.take(2)))
    }
}

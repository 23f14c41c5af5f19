/// How long it takes to compute a password hash, and how much memory that needs.
///
/// The times are estimates for one core of a usual server, measured with libxcrypt 4.4. They decide
/// only whether a hash costs far too much, so a factor of two does not matter.
struct HashCost: Sendable {
    let seconds: Double
    /// The memory in bytes; 0 for a scheme that needs a few kilobytes.
    let memory: Double

    /// Returns the cost of bcrypt, which doubles with each increment of the parameter `cost`.
    static func bcrypt(cost: Int) -> HashCost {
        HashCost(seconds: 65e-6 * Double(sign: .plus, exponent: cost, significand: 1), memory: 0)
    }

    /// Returns the cost of scrypt or yescrypt; `blocks` is the memory in blocks of 128 bytes.
    static func memoryHard(blocks: Double, passes: Double = 1) -> HashCost {
        HashCost(seconds: 0.3e-6 * blocks * passes, memory: 128 * blocks)
    }

    /// Returns the cost of a scheme that applies a fast function repeatedly.
    static func rounds(_ count: Double) -> HashCost { HashCost(seconds: 1e-6 * count, memory: 0) }

    /// The cost of a hash that crypt(3) refuses, or of a hash with the default number of rounds.
    static let negligible = HashCost(seconds: 0, memory: 0)
}

extension CryptString {
    /// How expensive it is to compute the hash.
    var cost: HashCost {
        let fields = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard fields.count >= 3, fields[0].isEmpty else { return .negligible }
        let scheme = String(Substring(fields[1]))
        switch scheme {
        case "2a", "2b", "2x", "2y":
            return Int(Substring(fields[2])).map(HashCost.bcrypt) ?? .negligible
        case "y", "gy":
            guard let options = YescryptOptions(fields[2]) else { return .negligible }
            return .memoryHard(blocks: options.blocks, passes: options.passes)
        case "7":
            guard let options = YescryptOptions(scrypt: fields[2]) else { return .negligible }
            return .memoryHard(blocks: options.blocks, passes: options.passes)
        default:
            // `$5$rounds=N$`, `$6$rounds=N$`, `$md5,rounds=N$` and `$sha1$N$` (crypt(5)).
            let option = scheme.hasPrefix("md5,") ? fields[1].dropFirst(4) : fields[2]
            let prefix = "rounds="
            let number =
                option.starts(with: prefix.utf8) ? option.dropFirst(prefix.utf8.count) : option
            guard option.count != number.count || scheme == "sha1" else { return .negligible }
            return Double(Substring(number)).map(HashCost.rounds) ?? .negligible
        }
    }
}

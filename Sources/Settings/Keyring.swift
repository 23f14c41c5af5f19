import Cryptography
package import Identity

/// The keys in the secret's file.
///
/// The newest key signs new tokens. There can be one older key, whose tokens are still accepted.
///
/// A file that was not written by `gatehouse key` contains only the bytes of one secret. A file
/// that `gatehouse key` wrote starts with a fixed heading, followed by one line for each key,
/// newest first. A line has three fields: the time at which the key was created (seconds since
/// 1970, or `-` if unknown), the encoding of the secret (`text` or `base64url`), and the secret.
/// The encoding `base64url` preserves secrets of arbitrary bytes.
package struct Keyring: Sendable {
    /// The path at which the Debian package installs the secret's file.
    package static let installedPath = "/etc/gatehouse/jwt-secret"

    /// A secret, and the time at which it was created if that is known.
    package struct Key: Sendable {
        package let secret: Secret
        package let madeAt: Timestamp?

        /// The key's ID, which is written in the header of each token that the key signs.
        package var name: String {
            get throws { try SigningKey(secret: secret.bytes).name() }
        }
    }

    /// The maximum number of keys that are accepted at the same time.
    package static let capacity = 2

    /// The keys, newest first; there is always at least one.
    package private(set) var keys: [Key]

    /// The first line of a file that `gatehouse key` wrote.
    private static let heading = "# Gatehouse's keys: the first signs. Change by `gatehouse key`."

    /// Creates a keyring that contains a single secret, which does not come from a file.
    package init(_ secret: Secret) { keys = [Key(secret: secret, madeAt: nil)] }

    /// Parses the contents of the secret's file.
    package init(_ bytes: [UInt8]) throws(InvalidValue) {
        // An editor may have added a byte order mark. If the mark were not removed, the whole file
        // would be taken for a secret.
        let mark = "\u{FEFF}".utf8
        let hasMark = bytes.starts(with: Array(mark) + Array("# Gatehouse's keys".utf8))
        let bytes = hasMark ? Array(bytes.dropFirst(mark.count)) : bytes
        guard bytes.starts(with: "# Gatehouse's keys".utf8) else {
            keys = [Key(secret: try Secret(bytes.withoutLineBreak), madeAt: nil)]
            return
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n")).dropFirst()
        keys = []
        for line in lines { keys.append(try Key(line: line)) }
        guard (1...Self.capacity).contains(keys.count) else {
            throw InvalidValue(
                "holds \(keys.count) keys instead of one or two; restore the file that `gatehouse key` wrote"
            )
        }
    }

    /// The contents of a file that stores these keys.
    package var contents: [UInt8] {
        let lines = keys.map(\.line)
        return Array(([Self.heading] + lines).map { $0 + "\n" }.joined().utf8)
    }

    /// Adds a new key, which signs from now on.
    ///
    /// The previous key is kept, and any older key is removed.
    package mutating func rotate(at now: Timestamp) throws(InvalidValue) {
        var randomness = SystemRandomNumberGenerator()
        let bytes = (0..<48).map { _ in UInt8.random(in: 0...255, using: &randomness) }
        var text: [UInt8] = []
        Base64URL.append(bytes.span, to: &text)
        keys.insert(Key(secret: try Secret(text), madeAt: now), at: 0)
        keys.removeLast(max(keys.count - Self.capacity, 0))
    }

    /// Removes every key except the newest.
    package mutating func retire() { keys.removeLast(keys.count - 1) }
}

extension Keyring: CustomStringConvertible {
    /// Describes each key by the length of its secret only, so that the secret is never printed.
    package var description: String { keys.map(\.secret.description).joined(separator: " and ") }
}

extension Keyring.Key {
    fileprivate init(line: ArraySlice<UInt8>) throws(InvalidValue) {
        // An editor may have saved the file with the line ends of Windows. A carriage return is
        // never part of a secret here, because `line` writes a secret that contains one in
        // Base64URL.
        let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        let damaged = InvalidValue("is damaged; restore the file that `gatehouse key` wrote")
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw damaged }
        let made = String(decoding: parts[0], as: UTF8.self)
        if made == "-" {
            madeAt = nil
        } else {
            guard let seconds = Int64(made), (0..<1 << 40).contains(seconds) else { throw damaged }
            madeAt = Timestamp(seconds: seconds)
        }
        switch String(decoding: parts[1], as: UTF8.self) {
        case "text" where parts[2].allSatisfy({ (0x21...0x7E).contains($0) }):
            secret = try Secret(Array(parts[2]))
        case "base64url":
            guard let bytes = Base64URL.decode(Array(parts[2]).span) else { throw damaged }
            secret = try Secret(bytes)
        default: throw damaged
        }
    }

    fileprivate var line: String {
        let made = madeAt.map { "\($0.seconds)" } ?? "-"
        guard !secret.bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return "\(made) text \(String(decoding: secret.bytes, as: UTF8.self))"
        }
        var text: [UInt8] = []
        Base64URL.append(secret.bytes.span, to: &text)
        return "\(made) base64url \(String(decoding: text, as: UTF8.self))"
    }
}

extension [UInt8] {
    /// The bytes without the final line break, if there is one.
    fileprivate var withoutLineBreak: [UInt8] {
        var bytes = self
        if bytes.last == UInt8(ascii: "\n") {
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        return bytes
    }
}

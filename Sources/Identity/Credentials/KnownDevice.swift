import Cryptography

/// A device on which the password of an account was right.
///
/// A login sets a cookie with this value, which browsers send only with logins. The cookie lets the
/// throttle distinguish the owner of an account from people who guess (OWASP, "Slow Down Online
/// Guessing Attacks with Device Cookies"). The cookie has no other use: it starts no session, and
/// someone who steals it gains only as many guesses as from one more network.
///
/// The cookie consists of a random number, the time at which it expires, and an HMAC of both and
/// the account's address key. The server does not store the cookie.
public struct KnownDevice: Equatable, Sendable {
    /// How long a device stays known after its last login, in seconds (a year).
    public static let lifetime: Int64 = 365 * 86_400

    /// The number of the device, under which its failed attempts are counted.
    let number: Int64
    /// The time at which the cookie expires, in seconds since 1970.
    let expiresAt: Int64

    init(number: Int64, expiresAt: Int64) {
        self.number = number
        self.expiresAt = expiresAt
    }

    /// Reads a cookie; `nil` unless it was made for this account with one of these keys and has not
    /// expired.
    init?(
        _ text: String, of account: String, signedWith keys: [SigningKey], at now: Timestamp
    ) throws {
        guard let bytes = Base64URL.decode(text.utf8.span), bytes.count == 48 else { return nil }
        number = Int64(bigEndian: bytes[0..<8])
        expiresAt = Int64(bigEndian: bytes[8..<16])
        guard now.seconds < expiresAt, expiresAt <= now.seconds + Self.lifetime else { return nil }
        let message = Self.message(number, expiresAt, account)
        let code = Array(bytes[16...])
        guard try keys.contains(where: { try $0.isValid(code.span, for: message.span) }) else {
            return nil
        }
    }

    /// Returns the text of the cookie for an account.
    func text(of account: String, signedWith key: SigningKey) throws -> String {
        let message = Self.message(number, expiresAt, account)
        let bytes = message[..<16] + (try key.code(for: message.span))
        var text: [UInt8] = []
        Base64URL.append(Array(bytes).span, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private static func message(_ number: Int64, _ expiresAt: Int64, _ account: String) -> [UInt8] {
        number.bigEndianBytes + expiresAt.bigEndianBytes + Array(account.utf8)
    }
}

extension Int64 {
    fileprivate init(bigEndian bytes: ArraySlice<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | Int64($1) }
    }

    fileprivate var bigEndianBytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * $0)) }
    }
}

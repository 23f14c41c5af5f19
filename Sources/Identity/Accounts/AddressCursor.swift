import Cryptography
import Text

/// A position in the list of accounts that a search finds, directly after one account.
///
/// Accounts whose addresses begin with the prefix come first, ordered by address. Accounts that are
/// found by a later word of the address follow, ordered by the rest of the address from that word
/// on.
///
/// The cursor contains the address of the account before it, or the rest of that address. So the
/// list continues at the same position even if that account is removed, or others are added or
/// removed, in the meantime.
public struct AddressCursor: Equatable, Sendable {
    /// The address of the account before this position, or the rest of the address from the word by
    /// which the account was found, with A to Z in lower case.
    let key: String
    /// The ID of that account if it was found by a later word; `nil` if its address begins with the
    /// prefix.
    let wordOf: Account.ID?

    init(behind account: Account) {
        key = account.email.asciiLowercased
        wordOf = nil
    }

    init(behindWord word: String, of account: Account.ID) {
        key = word
        wordOf = account
    }

    /// Parses the string form of a cursor; `nil` if the string is not a valid cursor.
    init?(_ text: String) {
        guard var bytes = Base64URL.decode(text.utf8.span)?[...], !bytes.isEmpty else {
            return nil
        }
        // A NUL at the beginning marks a cursor with an account ID. No address begins with a NUL.
        if bytes.first == 0 {
            let id = bytes.dropFirst().prefix(8)
            bytes = bytes.dropFirst(9)
            let bits = id.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            guard id.count == 8, let number = Account.ID(exactly: bits) else { return nil }
            wordOf = number
        } else {
            wordOf = nil
        }
        guard let key = String(validating: bytes, as: UTF8.self) else { return nil }
        self.key = key.asciiLowercased
    }

    /// The cursor as a string of ASCII letters, digits, `-` and `_`.
    public var text: String {
        var bytes: [UInt8] = []
        if let wordOf {
            bytes.append(0)
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: wordOf >> shift))
            }
        }
        bytes += key.utf8
        var text: [UInt8] = []
        Base64URL.append(bytes.span, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

import Cryptography
import Text

/// A position in the list of accounts ordered by e-mail address, directly after one account.
///
/// The cursor contains the address of that account. Addresses are unique if ASCII case is ignored,
/// so a list continues at the same position even if accounts, including that one, are added or
/// removed in the meantime.
public struct AddressCursor: Equatable, Sendable {
    /// The e-mail address of the account before this position, with A to Z in lower case.
    let address: String

    init(behind account: Account) {
        address = account.email.asciiLowercased
    }

    /// Parses the string form of a cursor; `nil` if the string is not a valid cursor.
    init?(_ text: String) {
        guard let bytes = Base64URL.decode(text.utf8.span), !bytes.isEmpty,
            let address = String(validating: bytes, as: UTF8.self)
        else { return nil }
        self.address = address.asciiLowercased
    }

    /// The cursor as a string of ASCII letters, digits, `-` and `_`.
    public var text: String {
        var text: [UInt8] = []
        Base64URL.append(address.utf8.span, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

import Cryptography
import Text

/// A position in the list of accounts by e-mail address: after an account that may be gone by now.
///
/// It holds the address, which is unique if ASCII case is ignored. So a list continues where it
/// was, whatever is added or removed in the meantime.
public struct AddressCursor: Equatable, Sendable {
    /// The address, with A to Z in lower case.
    let address: String

    init(behind account: Account) {
        address = account.email.asciiLowercased
    }

    /// Reads the text of a cursor; `nil` if it is not valid.
    init?(_ text: String) {
        guard let bytes = Base64URL.decode(text.utf8.span), !bytes.isEmpty,
            let address = String(validating: bytes, as: UTF8.self)
        else { return nil }
        self.address = address.asciiLowercased
    }

    /// The cursor as text: letters, digits, `-` and `_`.
    public var text: String {
        var text: [UInt8] = []
        Base64URL.append(address.utf8.span, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

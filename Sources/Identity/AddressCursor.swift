import Cryptography
import Text

/// A place in a list of accounts by e-mail address: behind an account that may have gone since.
///
/// It holds the address, of which there is one in whatever ASCII case, so that a list goes on where
/// it was whatever is added or removed meanwhile.
public struct AddressCursor: Equatable, Sendable {
    /// A to Z in lower case.
    let address: String

    init(behind account: Account) {
        address = account.email.asciiLowercased
    }

    /// Reads the text of a cursor; `nil` for what is none.
    init?(_ text: String) {
        guard let bytes = Base64URL.decode(text.utf8.span), !bytes.isEmpty,
            let address = String(validating: bytes, as: UTF8.self)
        else { return nil }
        self.address = address.asciiLowercased
    }

    /// The cursor as a text of letters, digits, `-` and `_`.
    public var text: String {
        var text: [UInt8] = []
        Base64URL.append(address.utf8.span, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

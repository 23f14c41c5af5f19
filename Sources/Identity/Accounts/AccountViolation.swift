/// A rule for e-mail addresses or new passwords that a text breaks.
public enum AccountViolation: Equatable, Sendable {
    case emptyEmail
    /// The text is not an e-mail address.
    case invalidEmail
    /// The top-level domain is not one of those that a setting lists.
    case topLevelDomainNotAccepted
    /// The address has fewer than this number of UTF-16 units.
    case emailTooShort(minimum: Int)
    /// The address has more than this number of UTF-16 units.
    case emailTooLong(maximum: Int)
    case emptyPassword
    /// The password has fewer than this number of UTF-16 units.
    case passwordTooShort(minimum: Int)
    /// The password has more than this number of UTF-16 units.
    case passwordTooLong(maximum: Int)
    /// The password has more than this number of bytes, which is all that the hash uses.
    case passwordTooLongForHash(maximumBytes: Int)
    /// The hash would ignore the NUL character and what follows it.
    case passwordContainsNUL
    /// The password does not contain all four kinds of character.
    case passwordNotMixed
    /// The new password is the current one.
    case passwordUnchanged
}

extension AccountViolation: CustomStringConvertible {
    /// The violation in words for the operator.
    public var description: String {
        switch self {
        case .emptyEmail: "the e-mail address is empty"
        case .invalidEmail: "the e-mail address is not valid"
        case .topLevelDomainNotAccepted:
            "the top-level domain of the e-mail address is not accepted here"
        case .emailTooShort(let minimum):
            "the e-mail address must have at least \(minimum) characters"
        case .emailTooLong(let maximum):
            "the e-mail address must have at most \(maximum) characters"
        case .emptyPassword: "the password is empty"
        case .passwordTooShort(let minimum): "the password must have at least \(minimum) characters"
        case .passwordTooLong(let maximum): "the password must have at most \(maximum) characters"
        case .passwordTooLongForHash(let maximum):
            "the password must have at most \(maximum) bytes; its hash would ignore the rest"
        case .passwordContainsNUL: "the password must not contain a NUL character"
        case .passwordNotMixed:
            "the password must contain an upper-case letter, a lower-case letter, a digit and one "
                + "of @$!%*?&"
        case .passwordUnchanged: "the new password must differ from the current one"
        }
    }
}

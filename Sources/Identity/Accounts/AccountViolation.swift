/// A violated rule for e-mail addresses or new passwords.
public enum AccountViolation: Equatable, Sendable {
    /// The e-mail address is empty.
    case emptyEmail
    /// The string is not a valid e-mail address.
    case invalidEmail
    /// The top-level domain of the address is not one that the settings accept.
    case topLevelDomainNotAccepted
    /// The address has fewer than `minimum` UTF-16 code units.
    case emailTooShort(minimum: Int)
    /// The address has more than `maximum` UTF-16 code units.
    case emailTooLong(maximum: Int)
    /// The password is empty.
    case emptyPassword
    /// The password has fewer than `minimum` UTF-16 code units.
    case passwordTooShort(minimum: Int)
    /// The password has more than `maximum` UTF-16 code units.
    case passwordTooLong(maximum: Int)
    /// The password has more than `maximumBytes` bytes, and the hash would ignore the bytes beyond
    /// that.
    case passwordTooLongForHash(maximumBytes: Int)
    /// The password contains a NUL character, and the hash would ignore it and all that follows.
    case passwordContainsNUL
    /// The password does not contain all four kinds of character: an upper-case letter, a
    /// lower-case letter, a digit and one of `@$!%*?&`.
    case passwordNotMixed
    /// The password is one of those that attackers try first.
    case passwordCommon
    /// The password is the e-mail address of the account, or the part before the at sign.
    case passwordIsAddress
    /// The new password is the same as the current one.
    case passwordUnchanged
}

extension AccountViolation: CustomStringConvertible {
    /// A description of the violation for the operator.
    public var description: String {
        switch self {
        case .emptyEmail: "the e-mail address is empty"
        case .invalidEmail: "the e-mail address is not valid; write name@domain.tld"
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
        case .passwordCommon:
            "the password is one of the first that attackers try; choose a less common one"
        case .passwordIsAddress: "the password must not be the e-mail address"
        case .passwordUnchanged: "the new password must differ from the current one"
        }
    }
}

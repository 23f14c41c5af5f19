import Identity
import Text

// The messages are those of the HTTP contract, the recorded API of the Express backend. Most of
// them come from joi, the validation library of that backend.

extension AccountViolation {
    /// The messages for this violation, of which the first is that of the contract.
    var messages: [String] {
        // The message of the Express backend does not say what is wrong with the address, so add
        // one that does.
        self == .topLevelDomainNotAccepted
            ? [message, "Email addresses with this top-level domain are not accepted here"]
            : [message]
    }

    private var message: String {
        switch self {
        case .emptyEmail: TextRule.Violation.empty(field: "email").message
        case .invalidEmail, .topLevelDomainNotAccepted: "Please provide a valid email address"
        case .emailTooShort(let minimum): "Email must be at least \(minimum) characters long"
        case .emailTooLong(let maximum): "Email must not exceed \(maximum) characters"
        case .emptyPassword: TextRule.Violation.empty(field: "password").message
        case .passwordTooShort(let minimum):
            "Password must be at least \(minimum) characters long"
        case .passwordTooLong(let maximum): "Password must not exceed \(maximum) characters"
        case .passwordTooLongForHash(let maximum): "Password must not exceed \(maximum) bytes"
        case .passwordContainsNUL: "Password must not contain a NUL character"
        case .passwordNotMixed:
            "Password must contain at least 1 uppercase letter, 1 lowercase letter, 1 number, and "
                + "1 special character (@$!%*?&)"
        case .passwordCommon: "Password is too common; choose one that is harder to guess"
        case .passwordIsAddress: "Password must not be the email address"
        case .passwordUnchanged: "New password must differ from the current one"
        }
    }
}

extension TextRule.Violation {
    var message: String {
        switch self {
        case .empty(let field): "\"\(field)\" is not allowed to be empty"
        case .tooLong(let field, let maximum):
            "\"\(field)\" length must be less than or equal to \(maximum) characters long"
        }
    }
}

extension Accounts {
    func messages(forEmail email: String) -> [String] {
        violations(ofEmail: email).flatMap(\.messages)
    }

    func messages(forPassword password: String, of email: String) -> [String] {
        violations(ofPassword: password, of: email).flatMap(\.messages)
    }
}

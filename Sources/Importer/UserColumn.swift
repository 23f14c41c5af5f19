/// A column of the table of accounts.
enum UserColumn: ExportColumn {
    case email, password, role, disabled, createdAt

    var name: String { "\(self)" }

    var spellings: Set<String> {
        switch self {
        case .email: ["email", "emailaddress", "username"]
        case .password: ["password", "passwordhash", "hash"]
        case .role: ["role"]
        case .disabled: ["disabled", "isdisabled"]
        case .createdAt: ["createdat", "created"]
        }
    }

    var isRequired: Bool { self != .disabled && self != .createdAt }

    // Accounts get new IDs. The old IDs are not imported, because the clients of the Express
    // backend do not know them.
    static let unused: Set = ["id", "userid", "refreshtoken", "updatedat"]
}

import Directory
import Identity
import Settings
import Text

extension ExportRecord<UserColumn> {
    /// The account that the record describes.
    ///
    /// - Parameter reasons: Every error in the record is appended here.
    /// - Returns: `nil` if there is an error.
    func account(_ reasons: inout [String]) -> ImportedAccount? {
        let email = required(.email, &reasons) { text throws(InvalidValue) in
            try text.keeping(ImportedAccount.violations(ofEmail: text).map(\.description))
        }
        let hash = required(.password, &reasons) { text throws(InvalidValue) in
            try text.keeping(ImportedAccount.violations(ofHash: text))
        }
        let role = required(.role, &reasons) { text throws(InvalidValue) in
            guard let role = Role(rawValue: text.lowercased()) else {
                throw InvalidValue("must be user or admin")
            }
            return role
        }
        let isDisabled = optional(.disabled, &reasons) { text throws(InvalidValue) in
            switch text.lowercased() {
            case "0", "false": return false
            case "1", "true": return true
            default: throw InvalidValue("must be true, false, 1 or 0")
            }
        }
        let createdAt = optional(.createdAt, &reasons) { text throws(InvalidValue) in
            guard let time = Timestamp(exported: text) else {
                throw InvalidValue("must be a time such as 2024-01-31 12:00:00.123 +00:00")
            }
            return time
        }
        guard reasons.isEmpty, let email, let hash, let role else { return nil }
        return ImportedAccount(
            email: email, passwordHash: hash, role: role, isDisabled: isDisabled ?? false,
            createdAt: createdAt)
    }
}

extension ExportRecord<PersonColumn> {
    /// The person that the record describes.
    ///
    /// - Parameter reasons: Every error in the record is appended here.
    /// - Returns: `nil` if there is an error.
    func person(_ reasons: inout [String]) -> Person? {
        let id = required(.id, &reasons) { text throws(InvalidValue) in
            // The largest integer that clients in JavaScript can represent exactly.
            let range = 1...Person.ID(1 << 53 - 1)
            guard let id = Person.ID(wholeNumber: text), range.contains(id) else {
                throw InvalidValue("must be a whole number from 1 to \(range.upperBound)")
            }
            return id
        }
        let firstName = required(.firstName, isTrimmed: false, &reasons) {
            text throws(InvalidValue) in
            try text.keeping(People.firstName.violations(in: text).map(\.description))
        }
        let lastName = required(.lastName, isTrimmed: false, &reasons) {
            text throws(InvalidValue) in
            try text.keeping(People.lastName.violations(in: text).map(\.description))
        }
        guard let id, let firstName, let lastName else { return nil }
        return Person(id: id, firstName: firstName, lastName: lastName)
    }
}

extension ExportRecord {
    /// Reads a required value.
    ///
    /// By default without surrounding blanks: SQL Server pads columns of fixed length with blanks
    /// and ignores trailing ones in comparisons.
    fileprivate func required<Value>(
        _ column: Column, isTrimmed: Bool = true, _ reasons: inout [String],
        _ read: (String) throws(InvalidValue) -> Value
    ) -> Value? {
        guard let text = values[column] else {
            reasons.append("\(column.name): is missing or NULL")
            return nil
        }
        do {
            return try read(isTrimmed ? String(text.trimmingBlanks) : text)
        } catch {
            reasons.append("\(column.name): \(error.reason)")
            return nil
        }
    }

    /// Reads an optional value.
    fileprivate func optional<Value>(
        _ column: Column, _ reasons: inout [String], _ read: (String) throws(InvalidValue) -> Value
    ) -> Value? {
        values[column] == nil ? nil : required(column, &reasons, read)
    }
}

extension String {
    /// The text itself if there are no violations.
    fileprivate func keeping(_ violations: [String]) throws(InvalidValue) -> String {
        guard violations.isEmpty else { throw InvalidValue(violations.joined(separator: "; ")) }
        return self
    }
}

import Cryptography
import Directory
import Identity
import Settings
import Text

extension ExportRecord<UserColumn> {
    /// Converts the record to an account.
    ///
    /// - Parameters:
    ///   - reasons: The list to which a message about every error is appended.
    ///   - limit: The maximum cost of the password hash.
    /// - Returns: The account; `nil` if there is an error.
    func account(
        _ reasons: inout [String], within limit: HashLimit = .standard
    ) -> ImportedAccount? {
        let email = required(.email, &reasons) { text throws(InvalidValue) in
            try text.keeping(ImportedAccount.violations(ofEmail: text).map(\.description))
        }
        let hash = required(.password, &reasons) { text throws(InvalidValue) in
            try text.keeping(ImportedAccount.violations(ofHash: text, within: limit))
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
    /// Converts the record to a person.
    ///
    /// - Parameter reasons: The list to which a message about every error is appended.
    /// - Returns: The person; `nil` if there is an error.
    func person(_ reasons: inout [String]) -> Person? {
        let id = required(.id, &reasons) { text throws(InvalidValue) in
            // The upper bound is the largest integer that clients in JavaScript represent exactly.
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
    /// If the value is missing or invalid, appends a message to `reasons` and returns `nil`. By
    /// default, surrounding blanks are removed, because SQL Server pads columns of fixed length
    /// with blanks and ignores trailing blanks in comparisons.
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

    /// Reads an optional value; returns `nil` if the value is missing.
    ///
    /// If the value is invalid, appends a message to `reasons` and returns `nil`.
    fileprivate func optional<Value>(
        _ column: Column, _ reasons: inout [String], _ read: (String) throws(InvalidValue) -> Value
    ) -> Value? {
        values[column] == nil ? nil : required(column, &reasons, read)
    }
}

extension String {
    /// Returns this string if there are no violations; otherwise throws an error that lists them.
    fileprivate func keeping(_ violations: [String]) throws(InvalidValue) -> String {
        guard violations.isEmpty else { throw InvalidValue(violations.joined(separator: "; ")) }
        return self
    }
}

package import Cryptography
import Directory
package import Identity

/// An import, which reads accounts and people from files and commits them to a store.
package struct ImportSession {
    private let users: ExportFile?
    private let people: ExportFile?
    private let staging: any Staging
    private let limit: HashLimit
    private let scheme: PasswordHasher.Scheme
    /// The errors found so far.
    package private(set) var issues = ImportIssues()
    private var accountCount = 0
    private var personCount = 0
    private var expensiveHashCount = 0
    private var slowHashCount = 0
    private var progress = ImportProgress()

    /// Creates a session that collects the valid records in `staging`.
    ///
    /// - Parameters:
    ///   - users: The file of accounts.
    ///   - people: The file of people.
    ///   - staging: Holds the valid records until all are read.
    ///   - limit: The maximum cost of a password hash.
    ///   - scheme: The hashing scheme for new passwords; imported hashes that take longer to verify
    ///     are counted for a warning.
    package init(
        users: ExportFile?, people: ExportFile?, staging: any Staging,
        limit: HashLimit = .standard, scheme: PasswordHasher.Scheme = .bcrypt(cost: 10)
    ) {
        self.users = users
        self.people = people
        self.staging = staging
        self.limit = limit
        self.scheme = scheme
    }

    /// Reads and checks all records, and stages the valid ones.
    ///
    /// - Parameter ignored: The names of columns that the operator wants to ignore.
    /// - Throws: `CommandError` if a file cannot be read, or an error thrown by `staging`.
    package mutating func read(ignoring ignored: [String]) throws {
        defer { progress.clear() }
        if let users {
            accountCount = try read(users, ColumnNames<UserColumn>(ignoring: ignored)) {
                session, record, reasons in
                guard let account = record.account(&reasons, within: session.limit) else { return }
                if account.isExpensive {
                    session.expensiveHashCount += 1
                } else if account.isSlower(than: session.scheme) {
                    session.slowHashCount += 1
                }
                if let first = try session.staging.stage(account, from: record.place) {
                    reasons.append("email: the same address as in \(first.label)")
                }
            }
        }
        if let people {
            personCount = try read(people, ColumnNames<PersonColumn>(ignoring: ignored)) {
                session, record, reasons in
                guard let person = record.person(&reasons) else { return }
                if let first = try session.staging.stage(person, from: record.place) {
                    reasons.append("id: the same number as in \(first.label)")
                }
            }
        }
    }

    /// Adds all staged records to a store in one transaction, unless an error was found.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - now: The current time.
    ///   - isDryRun: If true, only looks for conflicts with existing records.
    /// - Throws: `AuthError.busy` or an error thrown by the store; in both cases, nothing is added.
    package mutating func commit(
        to store: any Store, at now: Timestamp, isDryRun: Bool
    ) async throws {
        defer { progress.clear() }
        progress.show("looking for conflicts with existing accounts and people")
        let imports = Imports(store: store, staging: staging)
        for conflict in try await imports.conflicts() { add(conflict) }
        guard issues.isEmpty, !isDryRun else { return }
        progress.show("storing \(summary)")
        do {
            try await imports.moveIn(by: .operator, at: now)
        } catch let conflict as Imports.Conflict {
            add(conflict)
        }
    }

    /// The numbers of accounts and people, such as `2 accounts and 1 person`.
    package var summary: String {
        [
            users == nil ? nil : "\(accountCount) \(accountCount == 1 ? "account" : "accounts")",
            people == nil ? nil : "\(personCount) \(personCount == 1 ? "person" : "people")",
        ].compactMap(\.self).joined(separator: " and ")
    }

    /// Warnings for the operator after a successful import, one per line; `nil` if there are none.
    package var warning: String? {
        var warnings: [String] = []
        if expensiveHashCount > 0 {
            warnings.append(
                """
                warning: accounts with a password hash of a cost above 15: \(expensiveHashCount); \
                each attempt to log in to one keeps a processor busy for a second or more, and its \
                time tells that the account exists
                """)
        }
        if slowHashCount > 0 {
            warnings.append(
                """
                warning: accounts with a password hash that takes longer than new ones: \
                \(slowHashCount); the time of a failed login tells that such an account exists, \
                unless GATEHOUSE_PASSWORD_COST is raised
                """)
        }
        return warnings.isEmpty ? nil : warnings.joined(separator: "\n")
    }

    /// Reads a file and stages its valid records.
    ///
    /// - Parameters:
    ///   - file: The file to read.
    ///   - names: The mapping from column names to columns.
    ///   - stage: Stages a record, or appends the reasons why the record is invalid.
    /// - Returns: The number of records in the file, including invalid ones.
    /// - Throws: `CommandError` if the file cannot be read, or any error thrown by `stage`.
    private mutating func read<Column: ExportColumn>(
        _ file: ExportFile, _ names: ColumnNames<Column>,
        _ stage: (inout ImportSession, ExportRecord<Column>, inout [String]) throws -> Void
    ) throws -> Int {
        var count = 0
        try file.forEachRecord(names) { result in
            count += 1
            progress.didRead(count, of: file)
            switch result {
            case .success(let record):
                var reasons: [String] = []
                try stage(&self, record, &reasons)
                for reason in reasons { issues.add(reason, at: record.place, of: file) }
            case .failure(let error):
                issues.add(error.reason, at: error.place, of: file)
            }
        }
        return count
    }

    private mutating func add(_ conflict: Imports.Conflict) {
        switch conflict {
        case .account(let place):
            guard let users else { return }
            issues.add("email: an account with this address exists", at: place, of: users)
        case .person(let place):
            guard let people else { return }
            issues.add("id: a person with this number exists", at: place, of: people)
        }
    }
}

import Directory
package import Identity
import Settings

/// Those who are to be imported, from their files to the store.
package struct ImportSession {
    let users: ExportFile?
    let people: ExportFile?
    let staging: any Staging
    /// What is wrong with them.
    package private(set) var problems = ImportIssues()
    private var accountCount = 0
    private var personCount = 0
    private var dearCount = 0
    private var progress = ImportProgress()

    package init(users: ExportFile?, people: ExportFile?, staging: any Staging) {
        self.users = users
        self.people = people
        self.staging = staging
    }

    /// Reads, judges and stages all of them.
    ///
    /// - Parameter ignored: Columns that the operator does not want.
    /// - Throws: `CommandError` where a file cannot be read; the staging's error.
    package mutating func read(ignoring ignored: [String]) throws {
        defer { progress.clear() }
        if let users {
            accountCount = try read(users, ColumnNames<UserColumn>(ignoring: ignored)) {
                session, record, reasons in
                guard let account = record.account(&reasons) else { return }
                if account.isExpensive { session.dearCount += 1 }
                if let first = try session.staging.stage(account, from: record.place) {
                    reasons.append("email: the same address as in \(first.words)")
                }
            }
        }
        if let people {
            personCount = try read(people, ColumnNames<PersonColumn>(ignoring: ignored)) {
                session, record, reasons in
                guard let person = record.person(&reasons) else { return }
                if let first = try session.staging.stage(person, from: record.place) {
                    reasons.append("id: the same number as in \(first.words)")
                }
            }
        }
    }

    /// Moves them into a store, unless something is wrong.
    ///
    /// - Throws: `AuthError.busy` or a fault, and then nobody is moved.
    package mutating func commit(to store: any Store, isDryRun: Bool) async throws {
        defer { progress.clear() }
        progress.say("looking for those who are there already")
        let imports = Imports(store: store, staging: staging)
        for conflict in try await imports.conflicts() { note(conflict) }
        guard problems.isEmpty, !isDryRun else { return }
        progress.say("storing \(summary)")
        do {
            try await imports.moveIn(by: .operator, at: .now)
        } catch let conflict as Imports.Conflict {
            note(conflict)
        }
    }

    /// How many they are.
    package var summary: String {
        [
            users == nil ? nil : "\(accountCount) \(accountCount == 1 ? "account" : "accounts")",
            people == nil ? nil : "\(personCount) \(personCount == 1 ? "person" : "people")",
        ].compactMap(\.self).joined(separator: " and ")
    }

    /// What the operator should know, though all went well.
    package var warning: String? {
        dearCount == 0
            ? nil
            : """
            warning: accounts with a hash of a cost beyond 15: \(dearCount); each attempt to log \
            in there keeps a processor busy for seconds or more
            """
    }

    /// Reads a file; what stages a record may say why it does not.
    ///
    /// - Returns: How many records there are.
    private mutating func read<Column: ExportColumn>(
        _ file: ExportFile, _ names: ColumnNames<Column>,
        _ stage: (inout ImportSession, ExportRecord<Column>, inout [String]) throws -> Void
    ) throws -> Int {
        var count = 0
        try file.eachRecord(names) { outcome in
            count += 1
            progress.read(count, of: file)
            switch outcome {
            case .success(let record):
                var reasons: [String] = []
                try stage(&self, record, &reasons)
                for reason in reasons { problems.add(reason, at: record.place, of: file) }
            case .failure(let problem):
                problems.add(problem.reason, at: problem.place, of: file)
            }
        }
        return count
    }

    private mutating func note(_ conflict: Imports.Conflict) {
        switch conflict {
        case .account(let place):
            guard let users else { return }
            problems.add("email: an account of that address exists", at: place, of: users)
        case .person(let place):
            guard let people else { return }
            problems.add("id: a person of that number exists", at: place, of: people)
        }
    }
}

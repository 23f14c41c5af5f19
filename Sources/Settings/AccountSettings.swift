package import Cryptography
package import Identity

/// The settings that the account commands need: no secret, no socket.
package struct AccountSettings: Equatable, Sendable {
    /// The SQLite file.
    package let databasePath: String
    /// How new passwords are hashed.
    package let passwordScheme: PasswordHasher.Scheme
    /// Where e-mail addresses may be, in lower case; nil where anywhere is fine.
    package let topLevelDomains: Set<String>?
    /// Whether new passwords are judged by their length alone, and tokens travel in cookies alone.
    package let isStrict: Bool

    /// Reads them alone.
    package init(environment: [String: String]) throws(SettingsError) {
        try self.init(from: SettingsReader(environment))
    }

    /// Reads them alone.
    package init(from reader: SettingsReader) throws(SettingsError) {
        var reader = reader
        guard let settings = AccountSettings(&reader), reader.problems.isEmpty else {
            throw SettingsError(problems: reader.problems)
        }
        self = settings
    }

    /// Reads them among others; nil when the reader has noted a problem.
    package init?(_ reader: inout SettingsReader) {
        let path = reader.value(.database, isShown: false, AccountSettings.path)
        let scheme = reader.passwordScheme()
        let domains = reader.value(.emailDomains, AccountSettings.domains)
        let isStrict = reader.value(.strict, AccountSettings.flag)
        guard let path, let scheme, let domains, let isStrict else { return nil }
        databasePath = path
        passwordScheme = scheme
        topLevelDomains = domains
        self.isStrict = isStrict
    }

    /// What a new password must be.
    package var newPassword: NewPassword { isStrict ? .strict : .contract }

    /// Judges the database's path.
    ///
    /// A URL may hold a password and is never repeated.
    private static func path(_ text: String) throws(InvalidValue) -> String {
        let cure = "write the path of an SQLite file, such as /var/lib/gatehouse/gatehouse.db"
        guard !text.isEmpty else { throw InvalidValue("is empty; \(cure)") }
        if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            throw InvalidValue("names a PostgreSQL database, which is not yet built in; \(cure)")
        }
        guard !text.contains("://"), !text.hasPrefix("file:"), text != ":memory:" else {
            throw InvalidValue("is not a path; \(cure)")
        }
        guard !text.hasSuffix("/") else { throw InvalidValue("is a directory's path; \(cure)") }
        return text
    }

    /// Reads `on` or `off`, and nothing that somebody may take for one of them.
    private static func flag(_ text: String) throws(InvalidValue) -> Bool {
        switch text {
        case "on": return true
        case "off": return false
        default: throw InvalidValue("\(text.quoted) is neither; write on or off")
        }
    }

    /// Reads `any`, or top-level domains and commas between them.
    private static func domains(_ text: String) throws(InvalidValue) -> Set<String>? {
        if text.trimmingBlanks.lowercased() == "any" { return nil }
        var domains: Set<String> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let domain = String(part).trimmingBlanks.lowercased()
            let isLabel = domain.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
            }
            guard isLabel, (2...63).contains(domain.utf8.count) else {
                throw InvalidValue(
                    """
                    \(String(part).quoted) is not a top-level domain; write them with commas \
                    between, such as com,org,de, or any
                    """)
            }
            domains.insert(domain)
        }
        return domains
    }
}

extension SettingsReader {
    /// The scheme and the cost, which means something else in each scheme.
    package mutating func passwordScheme() -> PasswordHasher.Scheme? {
        let name = value(.passwordScheme) { text throws(InvalidValue) in
            guard ["bcrypt", "yescrypt"].contains(text) else {
                throw InvalidValue("\(text.quoted) is not a scheme; write bcrypt or yescrypt")
            }
            return text
        }
        let isYescrypt = name == "yescrypt"
        let defaultValue = isYescrypt ? "5" : "10"
        let cost = value(.passwordCost, defaultValue: defaultValue) { text throws(InvalidValue) in
            // With no scheme to judge by, whatever is a cost in one of them will do.
            let range = name == nil ? 1...15 : isYescrypt ? 1...11 : 4...15
            return try wholeNumber(text, in: range, example: defaultValue)
        }
        guard let name, let cost else { return nil }
        if name == "bcrypt", cost < 10 {
            warn(.passwordCost, "\(cost) is little work for a thief of the database; 10 is usual")
        }
        return isYescrypt ? .yescrypt(cost: cost) : .bcrypt(cost: cost)
    }
}

/// Reads a whole number of a range.
package func wholeNumber(
    _ text: String, in range: ClosedRange<Int>, example: String
) throws(InvalidValue) -> Int {
    guard let number = Int(wholeNumber: text.trimmingBlanks), range.contains(number) else {
        throw InvalidValue(
            """
            \(text.quoted) is not a whole number from \(range.lowerBound) to \
            \(range.upperBound); write one, such as \(example)
            """)
    }
    return number
}

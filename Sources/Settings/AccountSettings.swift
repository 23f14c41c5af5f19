package import Cryptography
package import Identity

/// The settings of commands that work on the database, such as `gatehouse user add`.
///
/// These commands need neither the secret nor a socket.
package struct AccountSettings: Equatable, Sendable {
    /// The path of the SQLite database file, without symbolic links at its end.
    ///
    /// SQLite keeps its log beside the file itself, not beside a symbolic link to the file. So
    /// every command must look for the log there.
    package let databasePath: String
    /// The path of the database as GATEHOUSE_DATABASE contains it, which may be a symbolic link.
    package let databaseSetting: String
    /// How new passwords are hashed.
    package let passwordScheme: PasswordHasher.Scheme
    /// The maximum cost of a stored hash; a hash that costs more matches no password.
    package let hashLimit: HashLimit
    /// The top-level domains, in lower case, that an e-mail address may have; nil allows all.
    package let topLevelDomains: Set<String>?
    /// Whether strict mode (GATEHOUSE_STRICT) is on.
    ///
    /// In strict mode, new passwords are checked by length only, and tokens are sent in cookies
    /// only.
    package let isStrict: Bool
    /// Whether common passwords are refused.
    package let refusesCommonPasswords: Bool

    /// Reads the account settings, and no others, from environment variables.
    package init(environment: [String: String]) throws(SettingsError) {
        try self.init(from: SettingsReader(environment))
    }

    /// Reads the account settings, and no others, using a `SettingsReader`.
    package init(from reader: SettingsReader) throws(SettingsError) {
        var reader = reader
        guard let settings = AccountSettings(&reader), reader.problems.isEmpty else {
            throw SettingsError(problems: reader.problems)
        }
        self = settings
    }

    /// Reads the account settings, using a `SettingsReader` that also reads other settings.
    ///
    /// The result is nil if a setting is invalid; the reader then records the problem.
    package init?(_ reader: inout SettingsReader) {
        let path = reader.value(.database, isShown: false, AccountSettings.path)
        let scheme = reader.passwordScheme()
        let memory = reader.value(.hashingMemory) { text throws(InvalidValue) in
            try wholeNumber(text, in: 16...16_384, example: "128")
        }
        let domains = reader.value(.emailDomains, AccountSettings.domains)
        let isStrict = reader.value(.strict) { text throws(InvalidValue) in
            try choice(text, isTrue: "on", isFalse: "off")
        }
        let refusesCommon = reader.value(
            .commonPasswords, defaultValue: isStrict == true ? "refuse" : "accept"
        ) { text throws(InvalidValue) in
            try choice(text, isTrue: "refuse", isFalse: "accept")
        }
        guard let path, let scheme, let memory, let domains, let isStrict, let refusesCommon else {
            return nil
        }
        databasePath = File.resolve(path).path
        databaseSetting = path
        passwordScheme = scheme
        hashLimit = HashLimit(memory: memory, raisedFor: scheme)
        topLevelDomains = domains
        self.isStrict = isStrict
        refusesCommonPasswords = refusesCommon
    }

    /// The rules that a new password must satisfy.
    package var newPassword: NewPassword { isStrict ? .strict : .contract }

    /// Checks the path of the database.
    ///
    /// Error messages never repeat the value, because a database URL can contain a password.
    private static func path(_ text: String) throws(InvalidValue) -> String {
        let fix = "write the path of an SQLite file, such as /var/lib/gatehouse/gatehouse.db"
        guard !text.isEmpty else { throw InvalidValue("is empty; \(fix)") }
        if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            throw InvalidValue("names a PostgreSQL database, which is not supported yet; \(fix)")
        }
        guard !text.contains("://"), !text.hasPrefix("file:"), text != ":memory:" else {
            throw InvalidValue("is not a path; \(fix)")
        }
        guard !text.hasSuffix("/") else { throw InvalidValue("is a directory; \(fix)") }
        return text
    }

    /// Reads a comma-separated list of top-level domains, or the word `any`, which gives nil.
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
                    \(String(part).quoted) is not a top-level domain; write a comma-separated \
                    list such as com,org,de, or the word any to accept all of them
                    """)
            }
            domains.insert(domain)
        }
        return domains
    }
}

extension SettingsReader {
    /// Reads the password hashing scheme and its cost; the valid costs depend on the scheme.
    package mutating func passwordScheme() -> PasswordHasher.Scheme? {
        let name = value(.passwordScheme) { text throws(InvalidValue) in
            guard ["bcrypt", "yescrypt"].contains(text) else {
                throw InvalidValue(
                    "\(text.quoted) is not a password hashing scheme; write bcrypt or yescrypt")
            }
            return text
        }
        let isYescrypt = name == "yescrypt"
        let defaultValue = isYescrypt ? "5" : "10"
        let cost = value(.passwordCost, defaultValue: defaultValue) { text throws(InvalidValue) in
            // If the scheme is invalid, accept any cost that is valid for at least one scheme.
            let range = name == nil ? 1...15 : isYescrypt ? 1...11 : 4...15
            return try wholeNumber(text, in: range, example: defaultValue)
        }
        guard let name, let cost else { return nil }
        if name == "bcrypt", cost < 10 {
            warn(
                .passwordCost,
                "\(cost) makes hashes of a stolen database quick to crack; 10 is usual")
        }
        return isYescrypt ? .yescrypt(cost: cost) : .bcrypt(cost: cost)
    }
}

/// Reads one of two words; other spellings, such as `true` for `on`, are refused.
package func choice(
    _ text: String, isTrue: String, isFalse: String
) throws(InvalidValue) -> Bool {
    guard text == isTrue || text == isFalse else {
        throw InvalidValue("\(text.quoted) is not valid; write \(isTrue) or \(isFalse)")
    }
    return text == isTrue
}

/// Reads a whole number within a range.
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

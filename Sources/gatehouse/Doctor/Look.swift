import Settings

/// One thing that the doctor looks at.
struct Look: Sendable {
    /// What its findings are called.
    let name: String
    /// Finds what is wrong; nothing where all is well.
    ///
    /// - Throws: `Unseen` where it cannot be looked at.
    let at: @Sendable (Installation) throws -> [Diagnosis]

    init(_ name: String, _ at: @escaping @Sendable (Installation) throws -> [Diagnosis]) {
        self.name = name
        self.at = at
    }

    /// All looks, in the order in which a newcomer would take them.
    static let all =
        settings + secret + database + disk + socket + nginx + certificate + requests
        + crossOrigin + service
}

/// Why something could not be looked at: no finding, and no clean bill either.
struct Unseen: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension String {
    /// The text as one word of a shell's command line.
    var asShellWord: String {
        let isPlain =
            !isEmpty
            && utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                    || (0x61...0x7A).contains(byte) || "/._-@:=,+".utf8.contains(byte)
            }
        guard !isPlain else { return self }
        return "'"
            + split(separator: "'", omittingEmptySubsequences: false)
            .joined(separator: #"'\''"#) + "'"
    }
}

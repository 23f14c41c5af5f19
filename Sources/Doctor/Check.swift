import Settings

/// One thing that the doctor looks at.
struct Check: Sendable {
    /// What its findings are called.
    let name: String
    /// Finds what is wrong; nothing where all is well.
    ///
    /// - Throws: `Skipped` where it cannot be looked at.
    let run: @Sendable (Installation) throws -> [Finding]

    init(_ name: String, _ run: @escaping @Sendable (Installation) throws -> [Finding]) {
        self.name = name
        self.run = run
    }

    /// All checks, in the order in which a newcomer would take them.
    static let all =
        settings + secret + database + disk + socket + nginx + certificate + requests
        + crossOrigin + service
}

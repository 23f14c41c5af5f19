/// One thing that the doctor checks.
struct Check: Sendable {
    /// The name that its findings carry, such as `database-missing`.
    let name: String
    /// Returns what is wrong; an empty array if all is well.
    ///
    /// - Throws: `Skipped` if it cannot be checked; any other error is reported the same way.
    let run: @Sendable (Installation) throws -> [Finding]

    init(_ name: String, _ run: @escaping @Sendable (Installation) throws -> [Finding]) {
        self.name = name
        self.run = run
    }

    /// Every check, in the order in which an installation is set up.
    static let all =
        settings + secret + database + disk + socket + nginx + certificate + requests
        + crossOrigin + service
}

/// One of the checks that `gatehouse doctor` runs.
struct Check: Sendable {
    /// The name of the check, such as `database-missing`; its findings show this name.
    let name: String
    /// Runs the check and returns its findings; an empty array means that nothing is wrong.
    ///
    /// - Throws: `Skipped` if the check is not possible. Any other error also counts as a skipped
    ///   check.
    let run: @Sendable (Installation) throws -> [Finding]

    init(_ name: String, _ run: @escaping @Sendable (Installation) throws -> [Finding]) {
        self.name = name
        self.run = run
    }

    /// All checks, in the order of the steps that set up an installation.
    static let all =
        settings + secret + database + disk + socket + nginx + clients + certificate + page
        + requests
        + crossOrigin + service
}

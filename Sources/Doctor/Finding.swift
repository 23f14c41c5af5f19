/// A problem with the installation: what is wrong, why it matters, and how to cure it.
package struct Finding: Equatable, Sendable {
    /// How bad a problem is.
    enum Severity: String, Sendable {
        /// The site works, but not as well or as safely as it should, or not for much longer.
        case warning
        /// People cannot sign in, or someone can do what must not be possible.
        case error
    }

    let severity: Severity
    /// The name of the check that found the problem; the report sets it.
    var check = ""
    let what: String
    let why: String
    /// A shell command, or instructions where no command can do it.
    let cure: String

    static func error(_ what: String, why: String, cure: String) -> Finding {
        Finding(severity: .error, what: what, why: why, cure: cure)
    }

    static func warning(_ what: String, why: String, cure: String) -> Finding {
        Finding(severity: .warning, what: what, why: why, cure: cure)
    }

    /// A paragraph for people.
    var paragraph: String {
        """
        \(severity.rawValue): \(check)
          \(what)
          \(why)
          Cure: \(cure)
        """
    }
}

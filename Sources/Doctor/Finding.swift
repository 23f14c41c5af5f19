/// A problem with the installation: what is wrong, why it matters and how to cure it.
package struct Finding: Equatable, Sendable {
    /// How serious a problem is.
    enum Severity: String, Sendable {
        /// The site works, but not as well or as safely as it should, or it will soon stop working.
        case warning
        /// People cannot sign in, or someone can do something that must not be possible.
        case error
    }

    let severity: Severity
    /// The name of the check that found the problem; `DoctorReport` sets this name.
    var check = ""
    let what: String
    let why: String
    /// A shell command that cures the problem, or instructions if no command can cure it.
    let cure: String

    static func error(_ what: String, why: String, cure: String) -> Finding {
        Finding(severity: .error, what: what, why: why, cure: cure)
    }

    static func warning(_ what: String, why: String, cure: String) -> Finding {
        Finding(severity: .warning, what: what, why: why, cure: cure)
    }

    /// The finding as a paragraph for people to read.
    var paragraph: String {
        """
        \(severity.rawValue): \(check)
          \(what)
          \(why)
          Cure: \(cure)
        """
    }
}

// Glibc's `environ` is a global pointer that Swift 6 does not let us read. Only this class is
// needed, and swift-argument-parser links FoundationEssentials anyway.
import class FoundationEssentials.ProcessInfo

/// The environment that the process was started with.
package enum Environment {
    /// Its variables by their names.
    package static var variables: [String: String] { ProcessInfo.processInfo.environment }
}

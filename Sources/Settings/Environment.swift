// Swift 6 does not allow code to read Glibc's `environ`, which is a global mutable pointer, so
// `ProcessInfo` reads it instead. `ProcessInfo` adds no dependency, because swift-argument-parser
// already links FoundationEssentials.
import class FoundationEssentials.ProcessInfo

/// The environment that the process was started with.
package enum Environment {
    /// The environment variables by name.
    package static var variables: [String: String] { ProcessInfo.processInfo.environment }
}

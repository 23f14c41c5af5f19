// Swift 6 does not allow reading Glibc's `environ`, a global mutable pointer. `ProcessInfo` adds no
// dependency, because swift-argument-parser links FoundationEssentials already.
import class FoundationEssentials.ProcessInfo

/// The environment that the process was started with.
package enum Environment {
    /// The environment variables by name.
    package static var variables: [String: String] { ProcessInfo.processInfo.environment }
}

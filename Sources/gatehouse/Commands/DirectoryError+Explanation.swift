import Directory
import Text

extension DirectoryError {
    /// The reason why a command failed, in one line for the operator.
    var explanation: String {
        switch self {
        case .invalid(let violations): violations.map(\.description).joined(separator: "; ")
        case .notFound(let kind): "\(kind) not found"
        case .changed(let kind): "\(kind) has changed"
        case .full(let kind, let maximum): "\(kind) limit of \(maximum) is reached"
        }
    }
}

/// The connections in the workers' event set, and why each of them waits.
///
/// The states are in an array with an element for each descriptor. The array stays short, because
/// the system gives a new descriptor the lowest free number.
struct WaitingConnections {
    enum Reason {
        /// The last request has been answered, and there may never be another one.
        case idle
        /// The connection was accepted at this time, and no byte of its first request has arrived.
        case new(since: MonotonicTime)

        var isNew: Bool { start != nil }

        /// When the connection was accepted; `nil` for an idle connection.
        var start: MonotonicTime? {
            if case .new(let start) = self { start } else { nil }
        }
    }

    private var reasons: [Reason?] = []

    subscript(descriptor: Int32) -> Reason? {
        get { Int(descriptor) < reasons.count ? reasons[Int(descriptor)] : nil }
        set {
            let index = Int(descriptor)
            if index >= reasons.count {
                reasons.append(contentsOf: repeatElement(nil, count: index + 64 - reasons.count))
            }
            reasons[index] = newValue
        }
    }

    var idle: [Int32] {
        reasons.indices.compactMap { if case .idle = reasons[$0] { Int32($0) } else { nil } }
    }

    var new: [(descriptor: Int32, since: MonotonicTime)] {
        reasons.indices.compactMap {
            if case .new(let since) = reasons[$0] { (Int32($0), since) } else { nil }
        }
    }
}

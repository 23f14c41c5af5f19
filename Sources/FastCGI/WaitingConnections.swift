/// The set of descriptors that are idle connections.
///
/// The set is an array with a flag for each descriptor. The array stays short, because the system
/// gives a new descriptor the lowest free number.
struct IdleConnections {
    private var isIdle: [Bool] = []

    subscript(descriptor: Int32) -> Bool {
        get { Int(descriptor) < isIdle.count && isIdle[Int(descriptor)] }
        set {
            let index = Int(descriptor)
            if index >= isIdle.count {
                isIdle.append(contentsOf: repeatElement(false, count: index + 64 - isIdle.count))
            }
            isIdle[index] = newValue
        }
    }

    var descriptors: [Int32] { isIdle.indices.filter { isIdle[$0] }.map(Int32.init) }
}

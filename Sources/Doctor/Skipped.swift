/// The reason why something could not be checked: neither a finding nor proof that all is well.
struct Skipped: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

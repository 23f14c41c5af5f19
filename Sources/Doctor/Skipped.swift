/// An error that says why something could not be checked.
///
/// A skipped check is neither a finding nor proof that nothing is wrong.
struct Skipped: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// An error that says why something could not be checked.
///
/// A skipped check is neither a finding nor proof that nothing is wrong.
package struct Skipped: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

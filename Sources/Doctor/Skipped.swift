/// Why a check could not run: neither a finding nor a success.
struct Skipped: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

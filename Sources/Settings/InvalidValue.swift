/// An error that says why a value is invalid and what to write instead.
package struct InvalidValue: Error, Equatable, Sendable {
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
}

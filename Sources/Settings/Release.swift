/// This release of Gatehouse.
package enum Release {
    /// The version number of this release; see https://semver.org.
    package static let version = "1.0.0"
}

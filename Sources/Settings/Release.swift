/// This release of Gatehouse.
package enum Release {
    /// Its version, see semver.org.
    package static let version = "1.0.0"
}

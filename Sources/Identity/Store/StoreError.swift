public import Cryptography

/// An error of the store or of a library, which states whether resources were lacking.
///
/// If they were, the same request can succeed later.
public protocol StoreError: Error {
    /// Whether the machine or the process has no memory, disk space or file descriptor left.
    var isLackOfResources: Bool { get }
}

extension CryptographyError: StoreError {}

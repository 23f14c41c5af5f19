import CPublicSuffix
import Settings

/// The public suffix list (https://publicsuffix.org), which lists the domains, such as `com` and
/// `co.uk`, directly under which anyone can register a name.
///
/// Browsers use this list to decide which hosts form one site. They do not send a
/// `SameSite=Strict` cookie with requests from another site.
final class PublicSuffixList {
    /// The list from libpsl; nil, which libpsl's functions accept, if libpsl has no list.
    private let list: OpaquePointer?

    /// Loads the list built into libpsl, or the system's copy if that is newer.
    init() { list = psl_latest(nil) }

    deinit { psl_free(list) }

    /// Returns the registrable domain of a host, or nil if the host is itself a public suffix.
    ///
    /// An internationalised name must be given as A-labels (`xn--…`), as in origins and
    /// certificates.
    func registrableDomain(of host: String) -> String? {
        // libpsl returns a pointer into its argument, so the result is copied to a new string.
        host.lowercased().withCString { host in
            psl_registrable_domain(list, host).map { String(cString: $0) }
        }
    }

    /// Returns true if browsers send `SameSite=Strict` cookies of one host with requests from pages
    /// of the other.
    func areSameSite(_ host: String, _ other: String) -> Bool {
        if host.lowercased() == other.lowercased() { return true }
        guard !isAddress(host), !isAddress(other), let domain = registrableDomain(of: host) else {
            return false
        }
        return domain == registrableDomain(of: other)
    }

    /// Returns true if a host is an IP address.
    ///
    /// An IP address has no registrable domain, but libpsl would treat it as a name.
    private func isAddress(_ host: String) -> Bool {
        host.hasPrefix("[")
            || host.split(separator: ".").allSatisfy { UInt8(wholeNumber: $0) != nil }
    }
}

import Settings

/// The names under which anybody may register a name, by https://publicsuffix.org/list/.
///
/// Browsers draw the line between sites by it, and `SameSite=Strict` cookies do not cross that.
struct PublicSuffixes {
    /// Where Debian's package `publicsuffix` keeps the list.
    static let installed = "/usr/share/publicsuffix/public_suffix_list.dat"

    private let rules: Set<Substring>

    /// Reads the list's text, with its private part: browsers mind that as well.
    init(_ list: String) {
        rules = Set(
            list.split(separator: "\n").map { line in
                // "Each line is only read up to the first whitespace".
                line.prefix { $0 != " " && $0 != "\t" }
            }.filter { !$0.isEmpty && !$0.hasPrefix("//") })
    }

    /// The registrable domain of a host; nil where the host is a public suffix itself.
    func domain(of host: String) -> String? {
        let labels = host.lowercased().split(separator: ".")
        // The list writes names of other scripts as such.
        let length = suffixLength(labels.map { Punycode.decoded(String($0)) })
        guard labels.count > length else { return nil }
        return labels.suffix(length + 1).joined(separator: ".")
    }

    /// Whether cookies of one host that are `SameSite=Strict` come with requests of the other's pages.
    func areSameSite(_ host: String, _ other: String) -> Bool {
        if host.lowercased() == other.lowercased() { return true }
        guard !isAddress(host), !isAddress(other) else { return false }
        guard let domain = domain(of: host) else { return false }
        return domain == self.domain(of: other)
    }

    /// How many labels at the end are a public suffix: those of an exception's parent, else those of
    /// the longest rule, else one.
    private func suffixLength(_ labels: [String]) -> Int {
        var longest = 1
        for length in stride(from: labels.count, through: 1, by: -1) {
            let name = labels.suffix(length).joined(separator: ".")
            if rules.contains("!\(name)"[...]) { return length - 1 }
            let wildcard = "*." + labels.suffix(length - 1).joined(separator: ".")
            if rules.contains(name[...]) || (length > 1 && rules.contains(wildcard[...])) {
                longest = max(longest, length)
            }
        }
        return longest
    }

    private func isAddress(_ host: String) -> Bool {
        host.hasPrefix("[")
            || host.split(separator: ".").allSatisfy { UInt8(wholeNumber: $0) != nil }
    }
}

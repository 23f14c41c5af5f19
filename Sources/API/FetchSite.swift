/// The meaning of `Sec-Fetch-Site` for this site.
enum FetchSite {
    /// Our own page, or a person who typed the address or opened a bookmark.
    case ours
    /// Another origin, or a value that a later version of the specification defines.
    case elsewhere
    /// The field was not sent.
    case unknown

    init(_ value: String?) {
        guard let value else {
            self = .unknown
            return
        }
        let ours = ["same-origin", "none"]
        self = ours.contains { $0.utf8.elementsEqual(value.utf8) } ? .ours : .elsewhere
    }
}

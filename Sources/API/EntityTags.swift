import Directory
import FastCGI
import HTTPTypes
import Identity

/// The entity tags in `If-Match` or `If-None-Match` (RFC 9110, section 8.8.3).
///
/// The entity tags of this API are fingerprints of the content. Other tags are ignored, because
/// they cannot match.
enum EntityTags: Equatable {
    /// The field is `*`, which matches any tag.
    case any
    /// The field lists these fingerprints; the list is empty if the field is malformed.
    case listed([Tag])

    struct Tag: Equatable {
        let fingerprint: Fingerprint
        let isWeak: Bool
    }

    init(_ field: String) {
        let bytes = field.utf8
        if bytes.elementsEqual("*".utf8) {
            self = .any
            return
        }
        var rest = bytes[...]
        var tags: [Tag] = []
        while true {
            // Skip empty elements of the list (RFC 9110, section 5.6.1.2).
            rest = rest.drop { $0 == UInt8(ascii: ",") || $0.isBlank }
            guard !rest.isEmpty else { break }
            let isWeak = rest.starts(with: "W/".utf8)
            rest = rest.dropFirst(isWeak ? 2 : 0)
            guard rest.popFirst() == UInt8(ascii: "\""),
                let end = rest.firstIndex(of: UInt8(ascii: "\"")),
                rest[..<end].allSatisfy({ $0 > UInt8(ascii: " ") && $0 != 0x7F })
            else {
                self = .listed([])
                return
            }
            if let fingerprint = Fingerprint(rest[..<end]) {
                tags.append(Tag(fingerprint: fingerprint, isWeak: isWeak))
            }
            rest = rest[rest.index(after: end)...].drop(while: \.isBlank)
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else {
                self = .listed([])
                return
            }
        }
        self = .listed(tags)
    }

    /// True if one of the tags matches in the weak comparison, which `If-None-Match` requires.
    func weaklyContains(_ fingerprint: Fingerprint) -> Bool {
        switch self {
        case .any: true
        case .listed(let tags): tags.contains { $0.fingerprint == fingerprint }
        }
    }

    /// The tags that can match in the strong comparison, which `If-Match` requires; `nil` for `*`.
    var strong: [Fingerprint]? {
        switch self {
        case .any: nil
        case .listed(let tags): tags.filter { !$0.isWeak }.map(\.fingerprint)
        }
    }
}

extension RequestContext {
    /// The fingerprints in `If-Match`, one of which the resource must have if it is to be changed.
    ///
    /// The value is `nil` if the resource may be changed in any state, which is so without
    /// `If-Match` and with `*`. The field value `*` requires only that the resource exists
    /// (RFC 9110, section 13.1.1). If the resource does not exist, the response is 404 anyway.
    var expected: [Fingerprint]? { request[.ifMatch].flatMap { EntityTags($0).strong } }
}

extension Response {
    /// The response with the fingerprint as a strong entity tag.
    func tagged(_ fingerprint: Fingerprint) -> Response {
        var response = self
        response.fields[.eTag] = "\"\(fingerprint.text)\""
        return response
    }

    /// The response with an entity tag, or 304 if the client already has this state of the resource
    /// (RFC 9110, section 13.1.2).
    ///
    /// The response still has `Cache-Control: no-store`. A single-page app may keep people's data
    /// in memory, but a browser's cache must not keep the data after the app is closed.
    func tagged(_ fingerprint: Fingerprint, unlessCachedBy context: RequestContext) -> Response {
        var response = tagged(fingerprint)
        if let field = context.request[.ifNoneMatch],
            EntityTags(field).weaklyContains(fingerprint)
        {
            response.status = .notModified
            response.json = nil
        }
        return response
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

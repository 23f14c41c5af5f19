import Directory
import FastCGI
import HTTPTypes
import Identity

/// The entity tags in a field of a request (RFC 9110, section 8.8.3); ours are fingerprints.
enum EntityTags: Equatable {
    /// `*`
    case any
    /// The tags that are fingerprints; empty if the field is malformed.
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
            // RFC 9110, section 5.6.1.2: empty elements are ignored.
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

    /// True if a tag matches by the weak comparison, which `If-None-Match` requires.
    func weaklyContains(_ fingerprint: Fingerprint) -> Bool {
        switch self {
        case .any: true
        case .listed(let tags): tags.contains { $0.fingerprint == fingerprint }
        }
    }

    /// The tags that the strong comparison can match, which `If-Match` requires; `nil` for any.
    var strong: [Fingerprint]? {
        switch self {
        case .any: nil
        case .listed(let tags): tags.filter { !$0.isWeak }.map(\.fingerprint)
        }
    }
}

extension RequestContext {
    /// The states in which the resource may be changed, from `If-Match`; `nil` for any state.
    ///
    /// `*` requires that the resource exists (RFC 9110, section 13.1.1); if not, the response is
    /// 404 anyway.
    var expected: [Fingerprint]? { request[.ifMatch].flatMap { EntityTags($0).strong } }
}

extension Response {
    /// The response with a strong entity tag.
    func tagged(_ fingerprint: Fingerprint) -> Response {
        var response = self
        response.fields[.eTag] = "\"\(fingerprint.text)\""
        return response
    }

    /// The response with an entity tag, or 304 if the client has this state (RFC 9110, section
    /// 13.1.2).
    ///
    /// The response is still `no-store`: a page may keep people's data in memory, but a browser's
    /// cache must not keep it after the page is closed.
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

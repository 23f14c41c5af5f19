import Directory
import FastCGI
import HTTPTypes
import Identity

/// The entity tags that a request names (RFC 9110, section 8.8.3), of which ours are fingerprints.
enum EntityTags: Equatable {
    /// `*`
    case any
    /// Those that can be ours. A field that cannot be read names none.
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

    /// Whether a tag is among them by the weak comparison, which `If-None-Match` asks for.
    func weaklyContains(_ fingerprint: Fingerprint) -> Bool {
        switch self {
        case .any: true
        case .listed(let tags): tags.contains { $0.fingerprint == fingerprint }
        }
    }

    /// What the strong comparison can match, which `If-Match` asks for; `nil` for anything.
    var strong: [Fingerprint]? {
        switch self {
        case .any: nil
        case .listed(let tags): tags.filter { !$0.isWeak }.map(\.fingerprint)
        }
    }
}

extension RequestContext {
    /// Of which states a change is meant; `nil` for any.
    ///
    /// `*` asks for a state at all (RFC 9110, section 13.1.1), and what has none is a 404.
    var expected: [Fingerprint]? { request[.ifMatch].flatMap { EntityTags($0).strong } }
}

extension Response {
    /// The answer with an entity tag, which is a strong one.
    func tagged(_ fingerprint: Fingerprint) -> Response {
        var answer = self
        answer.fields[.eTag] = "\"\(fingerprint.text)\""
        return answer
    }

    /// The answer with its entity tag, or 304 for whoever has it (RFC 9110, section 13.1.2).
    ///
    /// It stays `no-store`: what a page keeps of people by itself goes with the page.
    func tagged(_ fingerprint: Fingerprint, unlessHeldBy call: RequestContext) -> Response {
        var answer = tagged(fingerprint)
        if let field = call.request[.ifNoneMatch],
            EntityTags(field).weaklyContains(fingerprint)
        {
            answer.status = .notModified
            answer.json = nil
        }
        return answer
    }
}

extension UInt8 {
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

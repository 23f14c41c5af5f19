import FastCGI
import Identity

extension Call {
    /// A yes or no of the query; no where it is not there.
    ///
    /// Other names in the query are nobody's business.
    ///
    /// - Throws: `Refusal.invalid` for any value but `true` and `false`, and for two values.
    func flag(_ name: String) throws -> Bool {
        let values = request.query.split(separator: UInt8(ascii: "&")).compactMap { pair in
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let given = FastCGIRequest.percentDecoded(Substring(pair[..<(equals ?? pair.endIndex)]))
            guard let given, given.utf8.elementsEqual(name.utf8) else {
                return nil as Substring.UTF8View?
            }
            return equals.map { pair[pair.index(after: $0)...] } ?? pair[pair.endIndex...]
        }
        guard let value = values.first else { return false }
        if values.count == 1 {
            if value.elementsEqual("true".utf8) { return true }
            if value.elementsEqual("false".utf8) { return false }
        }
        throw Refusal.invalid(["\"\(name)\" must be a boolean"])
    }
}

extension FastCGIRequest {
    /// What follows the first question mark of the target, as it was sent.
    fileprivate var query: Substring.UTF8View {
        let bytes = target[...].utf8
        guard let mark = bytes.firstIndex(of: UInt8(ascii: "?")) else { return ""[...].utf8 }
        return bytes[bytes.index(after: mark)...]
    }
}

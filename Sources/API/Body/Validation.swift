import Text

/// Reads the fields of a body and collects their violations.
///
/// Reports every violation: fields in the order they are read, then unknown keys.
struct Validation {
    private let body: RequestBody
    private var known: [String] = []
    private var violations: [String] = []

    init(of body: RequestBody) { self.body = body }

    /// A required field; its value may be used only after `finish` has returned.
    mutating func required(
        _ name: String, missing: String? = nil, rules: (String) -> [String]
    ) -> String {
        if body[name] == nil { violations.append(missing ?? "\"\(name)\" is required") }
        return optional(name, rules: rules) ?? ""
    }

    /// An optional field; its value may be used only after `finish` has returned.
    mutating func optional(_ name: String, rules: (String) -> [String]) -> String? {
        known.append(name)
        switch body[name] {
        case .string(let text)?:
            violations += rules(text)
            return text
        case .bool?, .other?:
            violations.append("\"\(name)\" must be a string")
            return nil
        case nil:
            return nil
        }
    }

    /// An optional Boolean field; forms can only send it as the text `true` or `false`.
    mutating func optionalFlag(_ name: String) -> Bool? {
        known.append(name)
        switch body[name] {
        case .bool(let flag)?: return flag
        case .string(let text)? where text.utf8.elementsEqual("true".utf8): return true
        case .string(let text)? where text.utf8.elementsEqual("false".utf8): return false
        case .string?, .other?:
            violations.append("\"\(name)\" must be a boolean")
            return nil
        case nil: return nil
        }
    }

    /// Ends the reading.
    ///
    /// - Throws: `APIError.invalid` with all violations.
    func finish() throws {
        guard case .fields(let fields) = body else {
            throw APIError.invalid(["\"value\" must be of type object"])
        }
        // joi copies a body member by member, and JavaScript does not keep a member `__proto__`.
        let unknown = fields.map(\.name).filter { name in
            !known.contains { $0.utf8.elementsEqual(name.utf8) }
                && !name.utf8.elementsEqual("__proto__".utf8)
        }
        // joi calls a member with an empty name "value".
        let all = violations + unknown.map { "\"\($0.isEmpty ? "value" : $0)\" is not allowed" }
        guard all.isEmpty else { throw APIError.invalid(all) }
    }
}

extension TextRule {
    /// What a text breaks, in the words of the contract.
    func messages(for text: String) -> [String] { violations(in: text).map(\.message) }
}

import Text

/// Reads the fields of a body and collects a message for each violation.
///
/// Every violation is reported: first those of the fields, in the order in which they are read,
/// then the unknown keys.
struct Validation {
    private let body: RequestBody
    private var known: [String] = []
    private var violations: [String] = []

    init(of body: RequestBody) { self.body = body }

    /// Reads a required string field.
    ///
    /// The value may be used only after `finish` has returned without an error.
    mutating func required(
        _ name: String, missing: String? = nil, rules: (String) -> [String]
    ) -> String {
        if body[name] == nil { violations.append(missing ?? "\"\(name)\" is required") }
        return optional(name, rules: rules) ?? ""
    }

    /// Reads an optional string field; `nil` if it is missing.
    ///
    /// The value may be used only after `finish` has returned without an error.
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

    /// Reads an optional Boolean field; `nil` if it is missing.
    ///
    /// The strings `true` and `false` are accepted too, because a form can send only strings.
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

    /// Throws if a field violates a rule or the body has unknown keys.
    ///
    /// - Throws: `APIError.invalid` with all violations.
    func finish() throws {
        guard case .fields(let fields) = body else {
            throw APIError.invalid(["\"value\" must be of type object"])
        }
        // joi, the validation library of the Express backend, copies a body member by member.
        // JavaScript does not keep a member `__proto__` in the copy, so joi does not report it as
        // unknown.
        let unknown = fields.map(\.name).filter { name in
            !known.contains { $0.utf8.elementsEqual(name.utf8) }
                && !name.utf8.elementsEqual("__proto__".utf8)
        }
        // In its messages, joi calls a member with an empty name "value".
        let all = violations + unknown.map { "\"\($0.isEmpty ? "value" : $0)\" is not allowed" }
        guard all.isEmpty else { throw APIError.invalid(all) }
    }
}

extension TextRule {
    /// The messages for the rules that the string violates; empty if it is valid.
    func messages(for text: String) -> [String] { violations(in: text).map(\.message) }
}

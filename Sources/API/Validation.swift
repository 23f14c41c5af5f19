import Identity

/// Reads the fields of a body and collects what is wrong with them.
///
/// All violations are told, fields first and in the order in which they are asked for, then the
/// keys that nobody asked for.
struct Validation {
    private let body: RequestBody
    private var asked: [String] = []
    private var violations: [String] = []

    init(of body: RequestBody) { self.body = body }

    /// A field that must be there; its value means something only after `finish`.
    mutating func required(
        _ name: String, missing: String? = nil, rules: (String) -> [String]
    ) -> String {
        if body[name] == nil { violations.append(missing ?? "\"\(name)\" is required") }
        return optional(name, rules: rules) ?? ""
    }

    /// A field that may be there; its value means something only after `finish`.
    mutating func optional(_ name: String, rules: (String) -> [String]) -> String? {
        asked.append(name)
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

    /// A yes or no that may be there; forms have no other way to say it than in letters.
    mutating func optionalFlag(_ name: String) -> Bool? {
        asked.append(name)
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

    /// Ends the questions.
    ///
    /// - Throws: `AuthError.invalid` with all that is wrong.
    func finish() throws {
        guard case .fields(let fields) = body else {
            throw AuthError.invalid(["\"value\" must be of type object"])
        }
        // joi copies a body member by member, and in JavaScript `__proto__` does not stay a member.
        let unknown = fields.map(\.name).filter { name in
            !asked.contains { $0.utf8.elementsEqual(name.utf8) }
                && !name.utf8.elementsEqual("__proto__".utf8)
        }
        // A name without a letter is none to joi, and what has no name is the "value".
        let all = violations + unknown.map { "\"\($0.isEmpty ? "value" : $0)\" is not allowed" }
        guard all.isEmpty else { throw AuthError.invalid(all) }
    }
}

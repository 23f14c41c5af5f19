/// The rule for a plain text field: not empty, and not too long.
public struct TextRule: Sendable {
    /// The field's name in the contract.
    public let field: String
    /// The maximum length, in UTF-16 units.
    public let maximum: Int

    /// Makes a rule.
    public init(field: String, maximum: Int) {
        self.field = field
        self.maximum = maximum
    }

    /// The rules that a text breaks, in the words of the contract.
    public func violations(in text: String) -> [String] {
        if text.isEmpty { return ["\"\(field)\" is not allowed to be empty"] }
        guard text.utf16.count > maximum else { return [] }
        return ["\"\(field)\" length must be less than or equal to \(maximum) characters long"]
    }
}

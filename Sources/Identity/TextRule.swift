/// What a plain text field may hold: something, and not too much of it.
public struct TextRule: Sendable {
    /// What the contract calls the field.
    public let field: String
    /// The greatest length, in UTF-16 units.
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

/// The rule for a plain text field: not empty, and not too long.
public struct TextRule: Sendable {
    /// A part of the rule that a text breaks.
    public enum Violation: Equatable, Sendable {
        /// The field is empty.
        case empty(field: String)
        /// The field has more than this number of UTF-16 units.
        case tooLong(field: String, maximum: Int)
    }

    /// The field's name.
    public let field: String
    /// The maximum length, in UTF-16 units.
    public let maximum: Int

    /// Makes a rule.
    public init(field: String, maximum: Int) {
        self.field = field
        self.maximum = maximum
    }

    /// What the text breaks; empty if it is valid.
    public func violations(in text: String) -> [Violation] {
        if text.isEmpty { return [.empty(field: field)] }
        return text.utf16.count > maximum ? [.tooLong(field: field, maximum: maximum)] : []
    }
}

extension TextRule.Violation: CustomStringConvertible {
    /// The violation in words for the operator.
    public var description: String {
        switch self {
        case .empty(let field): "\(field) must not be empty"
        case .tooLong(let field, let maximum): "\(field) must have at most \(maximum) characters"
        }
    }
}

/// The value of a member of an object, without the contents of arrays and objects.
///
/// All JSON that Gatehouse reads (request bodies, token headers and claims) is flat. A nested array
/// or object is validated, but its contents are dropped, because a caller only needs to see that
/// the value is not a string.
public enum JSONValue: Equatable, Sendable {
    /// The literal `null`.
    case null
    /// The literal `true` or `false`.
    case bool(Bool)
    /// A number, which may exceed the range of a `Double`.
    case number(JSONNumber)
    /// A string, with escapes decoded; invalid Unicode is replaced by U+FFFD.
    case string(String)
    /// An array, without its contents.
    case array
    /// An object, without its contents.
    case object

    /// The string, if the value is one.
    public var string: String? {
        if case .string(let string) = self { string } else { nil }
    }

    /// The integer, if the value is a number with an exact integer value.
    public var integer: Int64? {
        if case .number(let number) = self { number.integer } else { nil }
    }
}

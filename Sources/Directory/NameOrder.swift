/// Which part of a whole name comes first when people are sorted and searched.
public enum NameOrder: Int64, CaseIterable, Sendable {
    /// `Lovelace Ada`: the order of a sorted list.
    case lastNameFirst = 0
    /// `Ada Lovelace`
    case firstNameFirst = 1
}

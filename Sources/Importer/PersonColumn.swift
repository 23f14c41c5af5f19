/// A column of the table of people.
enum PersonColumn: ExportColumn {
    case id, firstName, lastName

    var name: String { "\(self)" }

    var spellings: Set<String> {
        switch self {
        case .id: ["id", "personid"]
        case .firstName: ["firstname"]
        case .lastName: ["lastname"]
        }
    }

    var isRequired: Bool { true }

    static let unused: Set = ["createdat", "updatedat"]
}

import Identity
import Settings

/// The records of a CSV export whose first line has the names of the columns.
struct CSVRecords<Column: ExportColumn> {
    private var reader: CSVReader
    private var names: ColumnNames<Column>
    private var columns: [Column?] = []
    private var hasBegun = false

    /// Begins with the first line.
    init(_ text: ExportText, _ names: ColumnNames<Column>) {
        reader = CSVReader(text)
        self.names = names
    }

    /// Reads the next record.
    ///
    /// - Throws: `Unreadable`, after which the next record can be read unless it is final.
    mutating func next() throws -> ExportRecord<Column>? {
        let isFirst = !hasBegun
        if isFirst {
            hasBegun = true
            try readNames()
        }
        guard let line = try reader.next() else { return nil }
        if isFirst, reader.isRule { return try next() }

        var record = ExportRecord<Column>(place: ImportPlace(line: line))
        guard reader.fields.count == columns.count else {
            throw Unreadable(
                place: record.place,
                reason: "has \(reader.fields.count) fields where the first line has "
                    + "\(columns.count); a field with a separator in it needs quotes")
        }
        for (field, column) in zip(reader.fields, columns) {
            guard let column, !reader.isNull(field) else { continue }
            guard let string = reader.string(field) else {
                throw Unreadable(
                    place: record.place,
                    reason: "\(column.name): has bytes that are no text; export as UTF-8 or UTF-16")
            }
            record.values[column] = string
        }
        return record
    }

    private mutating func readNames() throws {
        let place: ImportPlace
        do {
            place = ImportPlace(line: try reader.next() ?? 1)
        } catch let problem as Unreadable {
            throw Unreadable(place: problem.place, reason: problem.reason, isFinal: true)
        }
        var unknown: [UnknownColumn] = []
        for field in reader.fields {
            do {
                columns.append(try names.column(of: reader.string(field) ?? ""))
            } catch {
                unknown.append(error)
            }
        }
        // What is missing comes first: in a file without names everything is unknown.
        try refuse(Column.allCases.filter { $0.isRequired && !columns.contains($0) }, at: place)
        if let first = unknown.first {
            throw Unreadable(place: place, reason: first.reason, isFinal: true)
        }
        for column in Column.allCases where columns.count(where: { $0 == column }) > 1 {
            throw Unreadable(
                place: place, reason: "two columns are \(column.name)", isFinal: true)
        }
    }

    private func refuse(_ missing: [Column], at place: ImportPlace) throws {
        guard !missing.isEmpty else { return }
        let names = missing.map(\.name).joined(separator: ", ")
        throw Unreadable(
            place: place,
            reason: "the first line must have the columns' names, and lacks \(names)",
            isFinal: true)
    }
}

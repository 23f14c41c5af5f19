import Identity

/// Reads the records of a CSV export, whose first line contains the column names.
struct CSVRecords<Column: ExportColumn> {
    private var reader: CSVReader
    private var names: ColumnNames<Column>
    private var columns: [Column?] = []
    private var hasBegun = false

    /// Creates a reader positioned at the first line.
    init(_ text: ExportText, _ names: ColumnNames<Column>) {
        reader = CSVReader(text)
        self.names = names
    }

    /// Reads the next record; returns `nil` at the end of the file.
    ///
    /// - Throws: `UnreadableRecord`, or an error thrown while reading the file. After an
    ///   `UnreadableRecord` that is not final, the next record can still be read.
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
            throw UnreadableRecord(
                place: record.place,
                reason: "has \(reader.fields.count) fields, but the first line has "
                    + "\(columns.count); put fields that contain a separator in quotes")
        }
        for (field, column) in zip(reader.fields, columns) {
            guard let column, !reader.isNull(field) else { continue }
            guard let string = reader.string(field) else {
                throw UnreadableRecord(
                    place: record.place,
                    reason: "\(column.name): is not valid text; export as UTF-8 or UTF-16")
            }
            record.values[column] = string
        }
        return record
    }

    private mutating func readNames() throws {
        let place: ImportPlace
        do {
            place = ImportPlace(line: try reader.next() ?? 1)
        } catch let error as UnreadableRecord {
            throw UnreadableRecord(place: error.place, reason: error.reason, isFinal: true)
        }
        var unknown: [UnknownColumn] = []
        for field in reader.fields {
            do {
                columns.append(try names.column(of: reader.string(field) ?? ""))
            } catch {
                unknown.append(error)
            }
        }
        // Report missing columns first, because in a file without a line of column names every name
        // is unknown.
        try requireNone(
            Column.allCases.filter { $0.isRequired && !columns.contains($0) }, at: place)
        if let first = unknown.first {
            throw UnreadableRecord(place: place, reason: first.reason, isFinal: true)
        }
        for column in Column.allCases where columns.count(where: { $0 == column }) > 1 {
            throw UnreadableRecord(
                place: place, reason: "two columns mean \(column.name)", isFinal: true)
        }
    }

    private func requireNone(_ missing: [Column], at place: ImportPlace) throws {
        guard !missing.isEmpty else { return }
        let names = missing.map(\.name).joined(separator: ", ")
        throw UnreadableRecord(
            place: place,
            reason: "the first line must name the columns, and these are missing: \(names)",
            isFinal: true)
    }
}

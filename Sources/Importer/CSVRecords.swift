import Identity

/// Reads the records of a CSV export, whose first line contains the column names.
struct CSVRecords<Column: ExportColumn> {
    /// What a column of the file means.
    private enum Meaning: Equatable { case known(Column), ignored, unnamed }

    private var reader: CSVReader
    private var names: ColumnNames<Column>
    private var columns: [Meaning] = []
    private var hasBegun = false
    /// Whether the next record is the first below the column names.
    private var isAfterNames = false

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
        if !hasBegun {
            hasBegun = true
            try readNames()
            isAfterNames = true
        }
        guard let line = try nextRow() else { return nil }

        var record = ExportRecord<Column>(place: ImportPlace(line: line))
        try checkCount(at: record.place)
        for (field, column) in zip(reader.fields, columns) {
            guard !isMissing(field) else { continue }
            if column == .unnamed {
                throw UnreadableRecord(
                    place: record.place,
                    reason: "has a value in a column without a name; name the column in the first "
                        + "line, or empty it")
            }
            guard case .known(let column) = column else { continue }
            guard let string = reader.string(field) else {
                throw UnreadableRecord(
                    place: record.place,
                    reason: "\(column.name): is not valid text; export as UTF-8 or UTF-16")
            }
            record.values[column] = string
        }
        return record
    }

    /// Reads the next record that is a row of the table.
    ///
    /// Skips the lines that sqlcmd(1) prints around the rows, and rows without any value, which
    /// Excel writes for cells that once had a value.
    private mutating func nextRow() throws -> Int? {
        while let line = try reader.next() {
            let isRule = isAfterNames && reader.isRule
            isAfterNames = false
            if isRule { reader.isPadded = true }
            let isRowCount = reader.isPadded && columns.count > 1 && reader.isRowCount
            if !isRule, !isRowCount, !reader.fields.allSatisfy(reader.isBlank) { return line }
        }
        return nil
    }

    /// Checks that the row has a field for each column.
    ///
    /// Only empty fields may follow the last column, and only columns without a name may lack a
    /// field at the end. The reason is that Excel writes as many separators as the longest row
    /// nearby needs.
    private func checkCount(at place: ImportPlace) throws {
        let fields = reader.fields
        guard fields.dropFirst(columns.count).allSatisfy(reader.isBlank),
            columns.dropFirst(fields.count).allSatisfy({ $0 == .unnamed })
        else {
            throw UnreadableRecord(
                place: place,
                reason: "has \(fields.count) fields, but the first line has \(columns.count); "
                    + "put fields that contain a separator in quotes")
        }
    }

    /// Whether a field has no value.
    ///
    /// PowerShell's `Export-Csv` quotes every field and writes NULL as `""`. No column can hold an
    /// empty string, so an empty field always means NULL.
    private func isMissing(_ field: CSVReader.Field) -> Bool {
        field.bytes.isEmpty || reader.isNull(field) || reader.isPadded && reader.isBlank(field)
    }

    private mutating func readNames() throws {
        let place: ImportPlace
        do {
            place = ImportPlace(line: try reader.next() ?? 1)
        } catch let error as UnreadableRecord {
            throw UnreadableRecord(place: error.place, reason: error.reason, isFinal: true)
        }
        var unknown: [UnknownColumn] = []
        for (index, field) in reader.fields.enumerated() {
            guard !isMissing(field), !reader.isBlank(field) else {
                columns.append(.unnamed)
                continue
            }
            do {
                let column = try names.column(of: reader.string(field) ?? "")
                columns.append(column.map(Meaning.known) ?? .ignored)
            } catch {
                unknown.append(UnknownColumn(name: error.name, number: index + 1))
            }
        }
        // Report missing columns first, because in a file without a line of column names every name
        // is unknown.
        try requireNone(
            Column.allCases.filter { $0.isRequired && !columns.contains(.known($0)) }, at: place)
        if let first = unknown.first {
            throw UnreadableRecord(place: place, reason: first.reason, isFinal: true)
        }
        for column in Column.allCases where columns.count(where: { $0 == .known(column) }) > 1 {
            throw UnreadableRecord(
                place: place, reason: "two columns mean \(column.name)", isFinal: true)
        }
    }

    private func requireNone(_ missing: [Column], at place: ImportPlace) throws {
        guard !missing.isEmpty else { return }
        let names = missing.map(\.name).joined(separator: ", ")
        // sqlcmd(1) separates columns by blanks if it is not asked for another separator.
        let hasOneField =
            reader.fields.count == 1 && reader.string(reader.fields[0])?.utf8.contains(0x20) == true
        let cure = hasOneField ? "; separate the columns by commas (sqlcmd -s \",\" -W)" : ""
        throw UnreadableRecord(
            place: place,
            reason: "the first line must name the columns, and these are missing: \(names)\(cure)",
            isFinal: true)
    }
}

/// Formats rows of cells as lines of text, with each column as wide as its widest cell.
package struct TextTable {
    private let rows: [[String]]

    package init(_ rows: [[String]]) { self.rows = rows }

    /// The lines of the table, separated by line breaks.
    package var text: String {
        let widths = (0..<(rows.map(\.count).max() ?? 0)).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        let lines = rows.map { row in
            row.enumerated().map { column, cell in
                let isLast = column == row.count - 1
                return isLast
                    ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
            }.joined(separator: "  ")
        }
        return lines.joined(separator: "\n")
    }
}

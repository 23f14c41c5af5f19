import Glibc
import Settings

/// An export file with accounts or people; the path `-` means standard input.
package struct ExportFile {
    package let path: String
    package let format: ExportFormat

    package init(path: String, format: ExportFormat) {
        self.path = path
        self.format = format
    }

    /// The name of the file in messages.
    var name: String { path == "-" ? "standard input" : path.escaped }

    /// Reads all records of the file, with only one record in memory at a time.
    ///
    /// - Parameters:
    ///   - names: The mapping from column names to columns.
    ///   - body: Called with each record, or with the error for a record that cannot be read.
    /// - Throws: `CommandError` if the file cannot be read, or any error thrown by `body`.
    func forEachRecord<Column: ExportColumn>(
        _ names: ColumnNames<Column>,
        _ body: (Result<ExportRecord<Column>, UnreadableRecord>) throws -> Void
    ) throws {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(of: "open") }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        let text = ExportText { try self.readChunk(of: descriptor) }
        switch format {
        case .csv:
            var records = CSVRecords(text, names)
            try Self.forEach({ try records.next() }, body)
        case .json:
            var records = JSONRecords(text, names)
            try Self.forEach({ try records.next() }, body)
        }
    }

    private static func forEach<Column: ExportColumn>(
        _ next: () throws -> ExportRecord<Column>?,
        _ body: (Result<ExportRecord<Column>, UnreadableRecord>) throws -> Void
    ) throws {
        while true {
            do {
                guard let record = try next() else { return }
                try body(.success(record))
            } catch let error as UnreadableRecord {
                try body(.failure(error))
                if error.isFinal { return }
            }
        }
    }

    private func readChunk(of descriptor: Int32) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(of: "read") }
            return Array(bytes[..<count])
        }
    }

    private func failure(of call: String) -> CommandError {
        CommandError("\(name) \(FileError(failedCall: call, code: errno))")
    }
}

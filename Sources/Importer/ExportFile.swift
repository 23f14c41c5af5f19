import Glibc
import Identity
import Settings

/// How an export is written.
package enum ExportFormat: String, CaseIterable {
    case csv, json

    /// The format that a file's name tells.
    package init?(path: String) {
        switch path.split(separator: ".").last?.lowercased() {
        case "csv", "tsv", "txt": self = .csv
        case "json", "jsonl", "ndjson": self = .json
        default: return nil
        }
    }
}

/// A file of accounts or people, or standard input under the name `-`.
package struct ExportFile {
    let path: String
    let format: ExportFormat

    package init(path: String, format: ExportFormat) {
        self.path = path
        self.format = format
    }

    /// What the file is called in messages.
    var name: String { path == "-" ? "standard input" : path.escaped }

    /// Reads all records of the file, a little at a time.
    ///
    /// - Parameters:
    ///   - names: The meaning of the columns' names.
    ///   - body: What is done with each; it gets what cannot be read as well.
    /// - Throws: `CommandError` where the file cannot be read, or what the body throws.
    func eachRecord<Column: ExportColumn>(
        _ names: ColumnNames<Column>,
        _ body: (Result<ExportRecord<Column>, Unreadable>) throws -> Void
    ) throws {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw complaint("open") }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        let text = ExportText { try self.piece(of: descriptor) }
        switch format {
        case .csv:
            var records = CSVRecords(text, names)
            try Self.each({ try records.next() }, body)
        case .json:
            var records = JSONRecords(text, names)
            try Self.each({ try records.next() }, body)
        }
    }

    private static func each<Column: ExportColumn>(
        _ next: () throws -> ExportRecord<Column>?,
        _ body: (Result<ExportRecord<Column>, Unreadable>) throws -> Void
    ) throws {
        while true {
            do {
                guard let record = try next() else { return }
                try body(.success(record))
            } catch let problem as Unreadable {
                try body(.failure(problem))
                if problem.isFinal { return }
            }
        }
    }

    private func piece(of descriptor: Int32) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw complaint("read") }
            return Array(bytes[..<count])
        }
    }

    private func complaint(_ call: String) -> CommandError {
        CommandError("\(name) \(FileError(failedCall: call, code: errno))")
    }
}

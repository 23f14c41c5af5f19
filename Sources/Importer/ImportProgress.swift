import Glibc
import Settings

/// Shows the progress of an import on one line of the terminal, if standard error is a terminal.
struct ImportProgress {
    private let isShown = isatty(STDERR_FILENO) == 1
    private var isLineUsed = false

    /// Shows the number of records read from a file, once every 10,000 records.
    mutating func didRead(_ count: Int, of file: ExportFile) {
        if count.isMultiple(of: 10_000) { show("\(file.name): \(count) read") }
    }

    /// Replaces the contents of the progress line.
    mutating func show(_ text: String) {
        guard isShown else { return }
        var terminal = StandardError()
        // `ESC [ 2 K` erases the line (ECMA-48).
        terminal.write("\r\u{1B}[2K\(text)")
        isLineUsed = true
    }

    /// Clears the progress line.
    mutating func clear() {
        if isLineUsed { show("\r") }
        isLineUsed = false
    }
}

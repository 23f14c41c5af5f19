import Glibc
import Settings

/// How far an import has come, on one line of a terminal; nothing where there is no terminal.
struct ImportProgress {
    private let isShown = isatty(STDERR_FILENO) == 1
    private var isOnLine = false

    /// Says that so many records of a file have been read, once in a while.
    mutating func read(_ count: Int, of file: ExportFile) {
        if count.isMultiple(of: 10_000) { say("\(file.name): \(count) read") }
    }

    /// Says something in place of what was said before.
    mutating func say(_ text: String) {
        guard isShown else { return }
        var terminal = StandardError()
        // ECMA-48: erase the line.
        terminal.write("\r\u{1B}[2K\(text)")
        isOnLine = true
    }

    /// Leaves the line empty.
    mutating func clear() {
        if isOnLine { say("\r") }
        isOnLine = false
    }
}

import Glibc
import Settings

/// Reads a new password for a command.
enum Password {
    /// The maximum length of a line in bytes, which keeps an endless stream from exhausting memory.
    private static let longestLine = 4096

    /// Reads the password from the first line of standard input, or asks for it twice if standard
    /// input is a terminal.
    ///
    /// - Throws: `CommandError` if the password cannot be read, or if the two passwords differ.
    static func read() throws -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try text(of: line(endingAt: [])) }
        let password = try ask("Password: ")
        guard try ask("Repeat the password: ") == password else {
            throw CommandError("the two passwords differ; try again")
        }
        return password
    }

    private static var cannotHide: CommandError {
        CommandError(
            """
            the terminal cannot hide a password that is typed: \(String(cString: strerror(errno))); \
            write the password to standard input instead
            """)
    }

    /// Prompts at the terminal and reads a line without echo.
    private static func ask(_ prompt: String) throws -> String {
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else {
            throw cannotHide
        }
        // Let the interrupt key (Ctrl-C) end the line instead of sending a signal (termios(3)), so
        // that the echo is always restored before the process exits. In c_cc, index 0 is VINTR and
        // index 11 is VEOL.
        let interrupt = shown.c_cc.0
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        hidden.c_cc.11 = interrupt
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0 else {
            throw cannotHide
        }
        var terminal = StandardError()
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            terminal.write("\n")
        }
        terminal.write(prompt)
        let line = try line(endingAt: [interrupt])
        guard line?.last != interrupt else { throw CommandError("interrupted") }
        return try text(of: line)
    }

    /// Reads a line up to a line break or one of `endings`; returns nil at the end of the input.
    ///
    /// The result does not contain the line break, but it does contain the byte from `endings`.
    private static func line(endingAt endings: [UInt8]) throws -> [UInt8]? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while true {
            let count = Glibc.read(STDIN_FILENO, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CommandError("standard input cannot be read (error \(errno))")
            }
            if count == 0 { return line.isEmpty ? nil : line }
            if byte == UInt8(ascii: "\n") { return line }
            line.append(byte)
            if endings.contains(byte) { return line }
            guard line.count <= longestLine else {
                throw CommandError("the password is longer than \(longestLine) bytes")
            }
        }
    }

    /// Decodes a line, without what programs on Windows add to it: a byte order mark at the
    /// beginning of a file, and a carriage return at the end of each line.
    private static func text(of line: [UInt8]?) throws -> String {
        guard var line else {
            throw CommandError("standard input is empty; write the password on its first line")
        }
        if line.starts(with: "\u{FEFF}".utf8) { line.removeFirst(3) }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard let text = String(validating: line, as: UTF8.self) else {
            throw CommandError("the password is not valid UTF-8; write it to the file as UTF-8")
        }
        return text
    }
}

import Glibc
import Settings

/// Asks for a new password.
enum Password {
    /// Longer lines are refused, so that no stream can fill the memory.
    private static let longestLine = 4096

    /// The password: the first line of standard input, or what is typed twice at a terminal.
    ///
    /// - Throws: `CommandError` when there is none.
    static func read() throws -> String {
        guard isatty(STDIN_FILENO) == 1 else { return try text(of: line(endingAt: [])) }
        let password = try ask("Password: ")
        guard try ask("The same again: ") == password else {
            throw CommandError("the two passwords differ")
        }
        return password
    }

    /// Asks at the terminal, which does not show what is typed.
    private static func ask(_ prompt: String) throws -> String {
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else {
            throw CommandError("the terminal's settings cannot be read (error \(errno))")
        }
        // termios(3). The key that would interrupt us ends the line instead (c_cc: 0 is VINTR,
        // 11 is VEOL), so that the terminal has its echo again before we leave.
        let interrupt = shown.c_cc.0
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        hidden.c_cc.11 = interrupt
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0 else {
            throw CommandError("the terminal's echo cannot be switched off (error \(errno))")
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

    /// Bytes up to a line break, which is left out, or to another ending, which is not.
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
            guard line.count <= longestLine else { throw CommandError("the password is too long") }
        }
    }

    /// The line as text, without the carriage return of a file from elsewhere.
    private static func text(of line: [UInt8]?) throws -> String {
        guard var line else { throw CommandError("no password was given on standard input") }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard let text = String(validating: line, as: UTF8.self) else {
            throw CommandError("the password is not UTF-8")
        }
        return text
    }
}

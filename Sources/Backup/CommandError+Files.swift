import Glibc
package import Settings

extension CommandError {
    /// The error for a file that cannot be written; `errno` holds the reason.
    package static func unwritable(_ path: String) -> CommandError {
        let reason = errno == ENOENT ? "its folder does not exist" : reason(errno)
        return CommandError("\(path.escaped) cannot be written: \(reason)")
    }

    /// The error for a file that cannot be read; `errno` holds the reason.
    package static func unreadable(_ path: String) -> CommandError {
        CommandError("\(path.escaped) cannot be read: \(reason(errno))")
    }

    /// The error for a file that another process is writing.
    static func beingWritten(_ path: String) -> CommandError {
        CommandError(
            "\(path.escaped) is in use: another command is writing to it; try again when that command has finished"
        )
    }

    private static func reason(_ number: Int32) -> String {
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
}

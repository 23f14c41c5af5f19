import Glibc
import Settings

/// Executes this program again in the same process, so that it reads all settings again.
///
/// The process ID stays the same, so the service manager sees no restart. The environment, the
/// blocked signals and the inherited sockets also stay the same.
enum Reexec {
    /// Executes this program's file; on success, this call does not return.
    ///
    /// - Parameter sockets: The descriptors that stay open in the new program.
    /// - Throws: `CommandError` if a system call fails.
    static func run(keeping sockets: [Int32]) throws {
        for socket in sockets {
            guard fcntl(socket, F_SETFD, 0) == 0 else { throw failure(of: "fcntl") }
        }
        let program = try program
        var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
        execv(program, &arguments)
        throw failure(of: "execv")
    }

    /// Checks that this program's file can be executed.
    ///
    /// For a reload, the server calls this method while it still serves requests. If `run` failed
    /// later, the server would end.
    ///
    /// - Throws: `CommandError` if the file is missing or cannot be executed.
    static func checkProgram() throws {
        let program = try program
        var status = stat()
        guard stat(program, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            access(program, X_OK) == 0
        else {
            throw CommandError(
                "the program \(program.escaped) is missing or cannot be executed; install it again")
        }
    }

    /// The path of this program's file.
    ///
    /// After an upgrade, the file at this path is the new version.
    private static var program: String {
        get throws {
            var path = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink("/proc/self/exe", &path, path.count)
            guard count > 0 else {
                throw CommandError("the program's file cannot be found; mount /proc")
            }
            let bytes = path[..<count].map { UInt8(bitPattern: $0) }
            let name = String(decoding: bytes, as: UTF8.self)
            // proc(5): Linux appends " (deleted)" to the path of a file that was replaced.
            let deleted = " (deleted)"
            return name.hasSuffix(deleted) ? String(name.dropLast(deleted.count)) : name
        }
    }

    private static func failure(of call: String) -> CommandError {
        CommandError(
            """
            the reload failed, so the server ends and systemd starts it again: \(call): \
            \(String(cString: strerror(errno)))
            """)
    }
}

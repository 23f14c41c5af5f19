import Glibc
import Settings

/// Runs this program anew in the same process, which then reads all its settings anew.
///
/// Its number stays, so the service manager sees no restart. What the process was started with
/// stays too: the environment, the signals that are blocked, and the sockets that were passed.
enum Reexec {
    /// Does not return where it succeeds.
    ///
    /// - Parameter sockets: The descriptors that the next program is to find open.
    /// - Throws: `CommandError`.
    static func run(keeping sockets: [Int32]) throws {
        for socket in sockets {
            guard fcntl(socket, F_SETFD, 0) == 0 else { throw failure(of: "fcntl") }
        }
        let program = try program
        var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
        execv(program, &arguments)
        throw failure(of: "execv")
    }

    /// This program's file; after an upgrade another has its name, and is meant.
    private static var program: String {
        get throws {
            var path = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink("/proc/self/exe", &path, path.count)
            guard count > 0 else { throw failure(of: "readlink") }
            let bytes = path[..<count].map { UInt8(bitPattern: $0) }
            let name = String(decoding: bytes, as: UTF8.self)
            // proc(5) says so of a file that was replaced.
            let deleted = " (deleted)"
            return name.hasSuffix(deleted) ? String(name.dropLast(deleted.count)) : name
        }
    }

    private static func failure(of call: String) -> CommandError {
        CommandError("the program cannot be run anew: \(call): \(String(cString: strerror(errno)))")
    }
}

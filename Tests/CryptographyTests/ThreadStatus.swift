import Glibc

@testable import Cryptography

/// The name and niceness of a thread of this process, from proc(5).
struct ThreadStatus {
    let name: String
    let niceness: Int32

    var isHashing: Bool { name == PasswordHasher.threadName }

    static func all() -> [ThreadStatus] {
        guard let directory = opendir("/proc/self/task") else { return [] }
        defer { closedir(directory) }
        var threads: [ThreadStatus] = []
        while let entry = readdir(directory) {
            let thread = withUnsafePointer(to: entry.pointee.d_name) {
                String(cString: UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
            }
            // "1234 (name) S 1 2 …": the niceness is the 19th field, the 17th after the name.
            guard let stat = read("/proc/self/task/\(thread)/stat"),
                let open = stat.firstIndex(of: "("), let close = stat.lastIndex(of: ")")
            else { continue }
            let fields = stat[close...].split(separator: " ")
            guard fields.count > 17, let niceness = Int32(fields[17]) else { continue }
            threads.append(
                ThreadStatus(
                    name: String(stat[stat.index(after: open)..<close]), niceness: niceness))
        }
        return threads
    }

    private static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var text = [UInt8](repeating: 0, count: 1024)
        let count = Glibc.read(file, &text, text.count)
        return count > 0 ? String(decoding: text[..<count], as: UTF8.self) : nil
    }
}

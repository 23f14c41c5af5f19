import Glibc
import Testing
import Threads

struct ThreadTests {
    @Test func `a thread gets its name and niceness, and other threads keep theirs`() throws {
        let before = niceness
        let seen = Guarded<(name: String, niceness: Int32)>(("", 0))

        try Thread(named: "fifteen-letters", niceness: before + 3) {
            let (name, niceness) = (name, niceness)
            seen.withLock { $0 = (name, niceness) }
        }.join()

        #expect(seen.withLock(\.name) == "fifteen-letters\n")
        #expect(seen.withLock(\.niceness) == before + 3)
        #expect(niceness == before)
    }
}

/// The niceness of the calling thread.
private var niceness: Int32 { getpriority(Int32(bitPattern: PRIO_PROCESS.rawValue), 0) }

private var name: String {
    guard let file = fopen("/proc/thread-self/comm", "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
}

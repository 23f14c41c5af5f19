import Glibc
import Metrics
import Settings

/// What the system says of this process; see proc(5).
struct ProcessStatistics {
    private let residentBytes: Int
    private let cpuMilliseconds: Int
    private let threads: Int
    private let descriptors: Int

    /// Read now; nil where /proc is not as it should be.
    static var now: ProcessStatistics? {
        guard let file = try? File.read("/proc/self/stat", atMost: 4096) else { return nil }
        // The name in brackets may hold anything; what follows it is numbers.
        let text = String(decoding: file.bytes, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ").map { Int($0) }
        guard fields.count > 21, let user = fields[11], let system = fields[12],
            let threads = fields[17], let pages = fields[21], let descriptors = openDescriptors
        else { return nil }
        return ProcessStatistics(
            residentBytes: pages * sysconf(Int32(_SC_PAGESIZE)),
            cpuMilliseconds: (user + system) * 1000 / sysconf(Int32(_SC_CLK_TCK)),
            threads: threads, descriptors: descriptors)
    }

    private static var openDescriptors: Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Not `.`, `..` and the one that reads.
        return count - 3
    }

    /// Under the names that Prometheus's own clients use.
    func add(to page: inout PrometheusText) {
        page.gauge(
            "process_resident_memory_bytes", "Resident memory.", [("", residentBytes)])
        page.counter(
            "process_cpu_milliseconds_total", "Processor time.", [("", cpuMilliseconds)])
        page.gauge("process_threads", "Threads.", [("", threads)])
        page.gauge("process_open_fds", "Open file descriptors.", [("", descriptors)])
    }
}

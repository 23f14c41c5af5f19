import Glibc
import Metrics
import Settings

/// This process's memory, processor time, threads and descriptors, as Linux counts them; see
/// proc(5).
struct ProcessStatistics {
    private let residentBytes: Int
    private let cpuMilliseconds: Int
    private let threads: Int
    private let descriptors: Int

    /// The current statistics; nil if /proc cannot be read or parsed.
    static var now: ProcessStatistics? {
        guard let file = try? File.read("/proc/self/stat", atMost: 4096) else { return nil }
        // The program's name is enclosed in parentheses and may contain parentheses itself. No
        // other field contains any, so the last closing parenthesis is the end of the name.
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
        // Do not count `.`, `..` and the descriptor that reads the directory.
        return count - 3
    }

    /// Adds the statistics under names like those that Prometheus's client libraries use.
    func add(to page: inout PrometheusText) {
        page.gauge(
            "process_resident_memory_bytes", "Resident memory.", [("", residentBytes)])
        page.counter(
            "process_cpu_milliseconds_total", "Processor time.", [("", cpuMilliseconds)])
        page.gauge("process_threads", "Threads.", [("", threads)])
        page.gauge("process_open_fds", "Open file descriptors.", [("", descriptors)])
    }
}

import Glibc
import Settings

/// nginx's configuration, with the content of included files in place of each `include`.
struct NginxConfiguration {
    /// The directives outside all blocks.
    let main: [NginxDirective]

    /// Parses the output of `nginx -T`.
    ///
    /// - Throws: `Skipped` if the output cannot be parsed.
    init(_ dump: String) throws {
        let files = NginxConfiguration.files(in: dump)
        guard let first = files.first else { throw Skipped("nginx prints no configuration") }
        let folder = File.folder(of: first.path)
        func included(_ directives: [NginxDirective], depth: Int) throws -> [NginxDirective] {
            guard depth < 16 else { throw Skipped("nginx's files include each other") }
            return try directives.flatMap { directive -> [NginxDirective] in
                if directive.name == "include", let path = directive.arguments.first {
                    let pattern = path.hasPrefix("/") ? path : "\(folder)/\(path)"
                    return try files.filter {
                        $0.path == pattern
                            || fnmatch(pattern, $0.path, FNM_PATHNAME | FNM_PERIOD) == 0
                    }
                    .flatMap { try included(NginxDirective.parse($0.text), depth: depth + 1) }
                }
                var directive = directive
                directive.block = try directive.block.map { try included($0, depth: depth) }
                return [directive]
            }
        }
        main = try included(NginxDirective.parse(first.text), depth: 0)
    }

    /// A directive that combines the contents of all `http` blocks.
    var http: NginxDirective {
        NginxDirective(
            words: ["http"], block: main.filter { $0.name == "http" }.flatMap { $0.block ?? [] })
    }

    /// The maximum number of connections of a worker; nginx's default is 512.
    var workerConnections: Int {
        let events = main.filter { $0.name == "events" }.flatMap { $0.own("worker_connections") }
        return events.last?.arguments.first.flatMap { Int($0) } ?? 512
    }

    /// The user under which nginx's workers run; nil if the configuration names no existing user.
    var user: SystemUser? {
        guard let words = main.last(where: { $0.name == "user" })?.arguments,
            let name = words.first
        else { return nil }
        return SystemUser(name, group: words.count > 1 ? words[1] : nil)
    }

    /// Splits the output of `nginx -T` into files, at the lines `# configuration file PATH:`.
    private static func files(in dump: String) -> [(path: String, text: [UInt8])] {
        let mark = "# configuration file "
        var files: [(path: String, text: [UInt8])] = []
        for line in dump.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.starts(with: mark.utf8), line.last == UInt8(ascii: ":") {
                let path = line.dropFirst(mark.utf8.count).dropLast()
                files.append((String(decoding: path, as: UTF8.self), []))
            } else if !files.isEmpty {
                files[files.count - 1].text += Array(line) + [0x0A]
            }
        }
        return files
    }
}

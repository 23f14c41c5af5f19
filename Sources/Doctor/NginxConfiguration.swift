import Glibc
import Settings

/// What `nginx -T` says: whether it accepts its configuration, and all files of it.
struct NginxDump {
    let isAccepted: Bool
    let text: String
    /// What nginx complains of.
    let complaints: String

    /// Runs nginx, which reads its configuration and starts nothing.
    ///
    /// - Throws: `Skipped` where it is not installed, or refuses because we are not root.
    static func read(_ choices: Installation.Choices) throws -> NginxDump {
        let outcome = try ChildProcess.run(
            choices.nginx, ["-T", "-e", "stderr"] + choices.nginxArguments)
        if outcome.status != 0, geteuid() != 0, outcome.complaints.contains("ermission denied") {
            throw Skipped("nginx's configuration is for root to read")
        }
        return NginxDump(
            isAccepted: outcome.status == 0, text: outcome.output,
            complaints: outcome.complaints)
    }
}

/// nginx's configuration with all included files in their places.
struct NginxConfiguration {
    /// The directives outside of all blocks.
    let main: [NginxDirective]

    /// Reads what `nginx -T` prints.
    ///
    /// - Throws: `Skipped` where it cannot be understood.
    init(_ dump: String) throws {
        let files = NginxConfiguration.files(in: dump)
        guard let first = files.first else { throw Skipped("nginx shows no configuration") }
        let reading = Reading(files: files, folder: File.folder(of: first.path))
        main = try reading.directives(of: first, depth: 0)
    }

    /// The blocks `http`, taken together.
    var http: NginxDirective {
        NginxDirective(
            words: ["http"], block: main.filter { $0.name == "http" }.flatMap { $0.block ?? [] })
    }

    /// Whom nginx's workers run as; nil where that is not said.
    var user: SystemUser? {
        guard let words = main.last(where: { $0.name == "user" })?.arguments,
            let name = words.first
        else { return nil }
        return SystemUser(name, group: words.count > 1 ? words[1] : nil)
    }

    /// A file of the dump.
    private struct NamedFile {
        let path: String
        var text: [UInt8]
    }

    private static func files(in dump: String) -> [NamedFile] {
        let (mark, end) = ("# configuration file ", ":")
        var files: [NamedFile] = []
        for line in dump.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.starts(with: mark.utf8), line.last == end.utf8.first {
                let path = line.dropFirst(mark.utf8.count).dropLast()
                files.append(
                    NamedFile(path: String(decoding: path, as: UTF8.self), text: []))
            } else if !files.isEmpty {
                files[files.count - 1].text += Array(line) + [0x0A]
            }
        }
        return files
    }

    private struct Reading {
        let files: [NamedFile]
        let folder: String

        func directives(of file: NamedFile, depth: Int) throws -> [NginxDirective] {
            guard depth < 16 else { throw Skipped("nginx's files include each other") }
            return try expanded(try NginxDirective.parse(file.text), depth: depth)
        }

        private func expanded(
            _ directives: [NginxDirective], depth: Int
        ) throws -> [NginxDirective] {
            try directives.flatMap { directive -> [NginxDirective] in
                if directive.name == "include", let path = directive.arguments.first {
                    let pattern = path.hasPrefix("/") ? path : "\(folder)/\(path)"
                    return try files.filter { isMatch($0.path, pattern) }
                        .flatMap { try self.directives(of: $0, depth: depth + 1) }
                }
                guard let block = directive.block else { return [directive] }
                var directive = directive
                directive.block = try expanded(block, depth: depth)
                return [directive]
            }
        }

        private func isMatch(_ path: String, _ pattern: String) -> Bool {
            path == pattern || fnmatch(pattern, path, FNM_PATHNAME | FNM_PERIOD) == 0
        }
    }
}

import Doctor
import Settings

/// The package's files for nginx, from which the files of a site are made.
struct SiteTemplate {
    let site: SiteName

    static let settingsFolder = "/usr/share/gatehouse/nginx/settings"
    private static let packaged = "/etc/nginx/gatehouse"

    /// The first line of each copy of a package's file; `copies` deletes only files with this line.
    private static let mark =
        "# Copied by `gatehouse site`, which replaces this file when it runs.\n"

    /// The settings files of the package for this site, by name.
    var settings: [String: [UInt8]] {
        get throws {
            var files: [String: [UInt8]] = [:]
            let folder = Self.settingsFolder
            for name in names(in: folder) { files[name] = try read("\(folder)/\(name)") }
            guard !files.isEmpty else {
                throw CommandError("\(folder) has no settings; install the package gatehouse again")
            }
            return files
        }
    }

    /// The site's copies of the package's files that are not settings; empty for a site without a
    /// name, which uses the package's files.
    ///
    /// If the package no longer has a file, the content of its copy is `.missing`, so that the copy
    /// is deleted.
    var copies: [(path: String, content: FileChange.Content)] {
        get throws {
            guard site.instance != nil else { return [] }
            var copies = [try copy("/etc/nginx/sites-available/gatehouse", to: site.availablePath)]
            for folder in ["", "/http", "/server"] {
                let (source, target) = (Self.packaged + folder, site.nginxFolder + folder)
                let present = names(in: source)
                copies += try present.map { try copy("\(source)/\($0)", to: "\(target)/\($0)") }
                copies += try names(in: target).filter { !present.contains($0) }
                    .map { "\(target)/\($0)" }
                    .filter {
                        try File.read($0, atMost: 1 << 20).bytes.starts(with: Self.mark.utf8)
                    }
                    .map { ($0, .missing) }
            }
            return copies
        }
    }

    private func copy(
        _ source: String, to target: String
    ) throws -> (path: String, content: FileChange.Content) {
        (target, .file(Array(Self.mark.utf8) + (try read(source)), mode: 0o644))
    }

    /// Reads a file of the package, with this site's names in place of those of the site without a
    /// name.
    private func read(_ path: String) throws -> [UInt8] {
        do throws(FileError) {
            let bytes = try File.read(path, atMost: 1 << 20).bytes
            return Array(renamed(String(decoding: bytes, as: UTF8.self)).utf8)
        } catch {
            throw CommandError("\(path) \(error); install the package gatehouse again")
        }
    }

    /// Replaces the names of variables, zones, upstreams, folders and logs with those of this site.
    func renamed(_ text: String) -> String {
        guard site.instance != nil else { return text }
        return text.replacing("gatehouse_", with: site.prefix)
            .replacing("gatehouse/", with: "\(site.unit)/")
            .replacing("gatehouse.log gatehouse", with: "\(site.unit).log \(site.unit)")
            .replacing("log_format gatehouse\n", with: "log_format \(site.unit)\n")
    }

    private func names(in folder: String) -> [String] {
        FileStatus.names(in: folder).filter { $0.hasSuffix(".conf") }.sorted()
    }
}

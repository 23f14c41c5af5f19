import Backup
import Glibc
import Settings

/// Changes of files that are made all together, or not at all.
struct FileChanges {
    private(set) var changes: [FileChange] = []

    /// The paths that change.
    var paths: [String] { changes.map(\.path) }

    /// Adds a change, unless the path has that content already.
    mutating func add(_ path: String, _ content: FileChange.Content) throws {
        if let change = try FileChange(path, content) { changes.append(change) }
    }

    /// Makes the changes and keeps them if a test succeeds.
    ///
    /// If a change or the test fails, all changes are undone. Ctrl-C and the loss of the terminal
    /// take effect only afterwards, so that no change stays without its test.
    ///
    /// - Throws: The error of the change or of the test.
    func apply(andTest test: () throws -> Void) throws {
        try BlockedSignals.during {
            var begun: [FileChange] = []
            var folders: [String] = []
            do {
                for change in changes {
                    try Self.makeFolder(File.folder(of: change.path), &folders)
                    // The change is recorded first, so that it is undone even if it fails after the
                    // file has its new content.
                    begun.append(change)
                    try change.apply()
                }
                try test()
            } catch {
                // The caller gets the error of the change or of the test. If one file cannot be put
                // back, the others still are.
                for change in begun.reversed() { try? change.revert() }
                // rmdir(2) keeps a folder into which another program has put a file.
                for folder in folders.reversed() { rmdir(folder) }
                throw error
            }
        }
    }

    /// Makes a folder and those above it, and appends the new ones to a list.
    private static func makeFolder(_ path: String, _ made: inout [String]) throws {
        guard !File.exists(at: path) else { return }
        try makeFolder(File.folder(of: path), &made)
        guard mkdir(path, 0o755) == 0 else {
            guard errno == EEXIST else { throw CommandError.unwritable(path) }
            return
        }
        made.append(path)
    }
}

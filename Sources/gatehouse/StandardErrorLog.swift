import Glibc
import Logging
import Settings

/// Writes log lines to standard error in journald's format: `<4>message key=value …`.
///
/// The number is a syslog(3) priority, which journald reads and removes (sd-daemon(3)). If standard
/// error is not connected to the journal, the line starts with the level's name instead.
struct StandardErrorLog: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    private let isJournal = getenv("JOURNAL_STREAM") != nil

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = isJournal ? "<\(event.level.priority)>" : "\(event.level.rawValue): "
        line += "\(event.message)"
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            line += " \(key)=\(quotedIfNeeded("\(value)"))"
        }
        line += "\n"
        // Write each line with one write(2), so that lines of different threads do not mix.
        line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Quotes and escapes a value if needed, so that a client cannot make it start a new line.
    private func quotedIfNeeded(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 }
        return isPlain && !value.isEmpty ? value : "\"\(value.escaped)\""
    }
}

extension Logger.Level {
    /// The syslog(3) priority of this level.
    fileprivate var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}

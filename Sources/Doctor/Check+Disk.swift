import Glibc
import Identity
import Settings

/// Checks of the disk space for the database, of its write-ahead log and of its backups.
extension Check {
    static let disk = [
        Check("disk-full", fullDisk),
        Check("log-grown", grownLog),
        Check("backup-old", oldBackup),
    ]

    /// The disk counts as nearly full if less than 1/20 of it, or less than 256 MB, is free.
    private static let minimum: (part: UInt64, bytes: UInt64) = (20, 256 << 20)

    private static func fullDisk(_ installation: Installation) throws -> [Finding] {
        let folder = File.folder(of: try installation.databasePath)
        guard try FileStatus(folder) != nil else { return [] }
        var system = statvfs()
        guard statvfs(folder, &system) == 0 else {
            let reason = String(cString: strerror(errno))
            throw Skipped("the free space of \(folder.escaped) cannot be read (\(reason))")
        }
        let unit = UInt64(system.f_frsize)
        let (free, all) = (UInt64(system.f_bavail) * unit, UInt64(system.f_blocks) * unit)
        guard free < minimum.bytes || free < all / minimum.part else { return [] }
        return [
            .warning(
                "Only \(free >> 20) MB are free on the disk that holds the database, in "
                    + "\(folder.escaped).",
                why: "When the disk is full, every login and every change fails with status 500.",
                cure: "df -h \(folder.asShellWord), then free some space on that disk")
        ]
    }

    private static func grownLog(_ installation: Installation) throws -> [Finding] {
        let path = try installation.databasePath + "-wal"
        guard let size = try FileStatus(path)?.size, size > 1 << 30 else { return [] }
        return [
            .warning(
                "The database's write-ahead log \(path.escaped) has grown to \(size >> 20) MB.",
                why: "Some program keeps a read transaction on the database open. Until it ends, "
                    + "the log grows with every write and every request gets slower.",
                cure: "fuser -v \(path.asShellWord) lists the programs that have it open; stop "
                    + "all but the server, then systemctl restart "
                    + "\(installation.unit.asShellWord)")
        ]
    }

    private static func oldBackup(_ installation: Installation) throws -> [Finding] {
        // This folder exists once the backup timer has run. An installation without this folder may
        // be backed up by other means.
        let folder = File.folder(of: try installation.databasePath) + "/backups"
        guard try FileStatus(folder) != nil else { return [] }
        guard access(folder, R_OK | X_OK) == 0 else {
            throw Skipped("\(folder.escaped) cannot be read; run as root")
        }
        let times = try FileStatus.names(in: folder).filter { !$0.hasSuffix(".partial") }
            .compactMap { try FileStatus("\(folder)/\($0)") }
            .filter { $0.isRegular && $0.size > 0 }.map(\.modifiedAt)
        let newest = times.max()
        guard (newest ?? 0) < installation.now.seconds - 2 * 86_400 else { return [] }
        let what =
            newest.map {
                "The newest backup in \(folder.escaped) is more than 2 days old, from "
                    + "\(Timestamp(seconds: $0).iso8601)."
            } ?? "There is no backup in \(folder.escaped)."
        let instance = installation.choices.instance.map { "@\($0)" } ?? ""
        let timer = "gatehouse-backup\(instance)"
        return [
            .warning(
                what,
                why: "If the disk fails, every change since the newest backup is lost.",
                cure: "systemctl enable --now \(timer).timer; systemctl start \(timer).service; "
                    + "journalctl -u \(timer) -n 20")
        ]
    }
}

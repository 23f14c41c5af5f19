import Glibc
import Identity
import Settings

/// Room for the database, and its backups.
extension Check {
    static let disk = [
        Check("disk-full", fullDisk),
        Check("log-grown", grownLog),
        Check("backup-old", oldBackup),
    ]

    /// Below either of these, free space is too little: 1/20, and bytes.
    private static let least: (part: UInt64, bytes: UInt64) = (20, 256 << 20)

    private static func fullDisk(_ installation: Installation) throws -> [Finding] {
        let folder = File.folder(of: try installation.databasePath)
        guard try FileStatus(folder) != nil else { return [] }
        var system = statvfs()
        guard statvfs(folder, &system) == 0 else {
            throw Skipped("the file system of \(folder.escaped) says nothing (error \(errno))")
        }
        let unit = UInt64(system.f_frsize)
        let (free, all) = (UInt64(system.f_bavail) * unit, UInt64(system.f_blocks) * unit)
        guard free < least.bytes || free < all / least.part else { return [] }
        return [
            .warning(
                "\(free >> 20) MB of \(all >> 20) MB are free for the database.",
                why: "On a full disk every login and every change is answered 500.",
                cure: "df -h \(folder.asShellWord), and make room")
        ]
    }

    private static func grownLog(_ installation: Installation) throws -> [Finding] {
        let path = try installation.databasePath + "-wal"
        guard let size = try FileStatus(path)?.size, size > 1 << 30 else { return [] }
        return [
            .warning(
                "\(path.escaped) has grown to \(size >> 20) MB.",
                why: "Some program reads the database and never ends: what is written meanwhile "
                    + "stays in this file, and every request takes longer.",
                cure: "fuser -v \(path.asShellWord); end what is not gatehouse serve, "
                    + "then systemctl restart \(installation.unit.asShellWord)")
        ]
    }

    /// The folder is there once the timer has made a backup.
    private static func oldBackup(_ installation: Installation) throws -> [Finding] {
        let folder = File.folder(of: try installation.databasePath) + "/backups"
        guard try FileStatus(folder) != nil else { return [] }
        guard access(folder, R_OK | X_OK) == 0 else {
            throw Skipped("\(folder.escaped) may not be read; be root")
        }
        let times = try FileStatus.names(in: folder).filter { !$0.hasSuffix(".partial") }
            .compactMap { try FileStatus("\(folder)/\($0)") }
            .filter { $0.isRegular && $0.size > 0 }.map(\.modifiedAt)
        let newest = times.max()
        guard (newest ?? 0) < Timestamp.now.seconds - 2 * 86_400 else { return [] }
        let age = newest.map { "The newest backup is of \(Timestamp(seconds: $0).iso8601)" }
        let timer = installation.unit.replacing("gatehouse", with: "gatehouse-backup")
        return [
            .warning(
                "\(age ?? "There is no backup in \(folder.escaped)").",
                why: "What was done since is lost with the disk.",
                cure: "systemctl enable --now \(timer).timer; systemctl start \(timer).service; "
                    + "journalctl -u \(timer) -n 20")
        ]
    }
}

extension String {
    /// The text with another beginning, if it has the one.
    fileprivate func replacing(_ beginning: String, with other: String) -> String {
        hasPrefix(beginning) ? other + dropFirst(beginning.count) : self
    }
}

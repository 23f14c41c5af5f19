import Glibc
import Identity
import SQLiteStore
import Settings

/// Checks of the database's file, of its content, and of the version of its tables.
extension Check {
    static let database = [
        Check("database-missing", missingDatabase),
        Check("database-readable", readableDatabase),
        Check("database-owner", wrongOwner),
        Check("database-locked-down", readOnlyDatabase),
        Check("database-damaged", damagedDatabase),
        Check("database-version", wrongVersion),
        Check("administrator-missing", missingAdministrator),
        Check("clock-behind", clockBehind),
    ]

    /// Returns the database file and the files with the suffixes `-wal` and `-shm`, if they exist.
    private static func files(
        _ installation: Installation
    ) throws -> [(path: String, status: FileStatus)] {
        let path = try installation.databasePath
        return try [path, path + "-wal", path + "-shm"].compactMap { path in
            try FileStatus(path).map { (path, $0) }
        }
    }

    private static func missingDatabase(_ installation: Installation) throws -> [Finding] {
        let path = try installation.databasePath
        guard try FileStatus(path) == nil else { return [] }
        let folder = File.folder(of: path)
        guard try FileStatus(folder) != nil else {
            return [
                .error(
                    "The folder of the database, \(folder.escaped), does not exist.",
                    why: "The server cannot open or create its database there. Either "
                        + "GATEHOUSE_DATABASE is wrong, or a disk is not mounted, or the folder "
                        + "was removed.",
                    cure: "correct the setting, which gatehouse check shows. Or mount the disk. "
                        + "Or create the folder: install -d -m 700 -o USER "
                        + "\(folder.asShellWord); systemctl show -p User \(installation.unit) "
                        + "prints the USER. Then systemctl restart \(installation.unit)")
            ]
        }
        return [
            .error(
                "The database \(path.escaped) does not exist.",
                why: "The server creates the database when it starts. Either it has not started, "
                    + "or it uses another file.",
                cure: "gatehouse check shows which file it uses; systemctl restart "
                    + "\(installation.unit) starts the server")
        ]
    }

    private static func readableDatabase(_ installation: Installation) throws -> [Finding] {
        try files(installation).filter { $0.status.isReadableByOthers }.map { file in
            .error(
                "Every user of this machine can read the database file \(file.path.escaped).",
                why: "It contains e-mail addresses and password hashes.",
                cure: "chmod 600 \(file.path.asShellWord)")
        }
    }

    private static func wrongOwner(_ installation: Installation) throws -> [Finding] {
        let path = try installation.databasePath
        let folder = File.folder(of: path)
        guard let folderStatus = try FileStatus(folder) else { return [] }
        return try files(installation).filter { file in
            // In a folder shared by a group, any member of the group may own the file.
            let isShared =
                folderStatus.mode & S_IWGRP != 0 && folderStatus.group == file.status.group
            return file.status.owner != folderStatus.owner && !isShared
        }.map { file in
            .error(
                "The database file \(file.path.escaped) and its folder have different owners.",
                why: "The server runs as the folder's owner. It cannot write to the file, so no "
                    + "one can log in.",
                cure: "chown --reference=\(folder.asShellWord) \(file.path.asShellWord)")
        }
    }

    private static func readOnlyDatabase(_ installation: Installation) throws -> [Finding] {
        let path = try installation.databasePath
        let folder = File.folder(of: path)
        guard let status = try FileStatus(folder) else { return [] }
        let why = "The server cannot write to its database, so no one can log in."
        var system = statvfs()
        if statvfs(folder, &system) == 0, system.f_flag & UInt(ST_RDONLY) != 0 {
            return [
                .error(
                    "The file system of the database's folder, \(folder.escaped), is mounted "
                        + "read-only.",
                    why: why,
                    cure: "journalctl -k -n 50 shows why; repair the disk if it has errors, then "
                        + "mount -o remount,rw \"$(findmnt -n -o TARGET -T \(folder.asShellWord))\""
                )
            ]
        }
        let places = [(path: folder, status: status)] + (try files(installation))
        return places.filter { !$0.status.isWritableByOwner }.map { place in
            .error(
                "The permissions of \(place.path.escaped) do not let its owner write to it.",
                why: why, cure: "chmod u+w \(place.path.asShellWord)")
        }
    }

    private static func damagedDatabase(_ installation: Installation) throws -> [Finding] {
        guard let damage = try installation.database.get()?.damage else { return [] }
        let path = try installation.databasePath
        let file = path.asShellWord
        let units = ["\(installation.unit).socket", "\(installation.unit).service"]
            .map(\.asShellWord).joined(separator: " ")
        return [
            .error(
                "The database \(path.escaped) is damaged: \(damage.escaped).",
                why: "Every write can damage it further.",
                cure: "systemctl stop \(units); move \(file), and \(file)-wal if it exists, to "
                    + "another folder; run gatehouse restore with the newest file in "
                    + "\((File.folder(of: path) + "/backups").asShellWord); then "
                    + "systemctl start \(units)")
        ]
    }

    private static func wrongVersion(_ installation: Installation) throws -> [Finding] {
        guard let database = try installation.database.get(), database.damage == nil else {
            return []
        }
        let (version, known) = (try database.file.version, DatabaseFile.knownVersion)
        if version > known {
            return [
                .error(
                    "The database's tables have version \(version), but this program only knows "
                        + "versions up to \(known).",
                    why: "A newer gatehouse upgraded the database. This version does not start "
                        + "with it.",
                    cure: "install the newer gatehouse again, or restore a backup from before the "
                        + "upgrade; see `restore` in gatehouse(8)")
            ]
        }
        guard version < known else { return [] }
        return [
            .warning(
                "The database's tables have version \(version), but this program uses version "
                    + "\(known).",
                why: "The server upgrades the tables when it starts. It has not started since "
                    + "gatehouse was upgraded.",
                cure: "systemctl restart \(installation.unit.asShellWord)")
        ]
    }

    private static func missingAdministrator(_ installation: Installation) throws -> [Finding] {
        guard let database = try usable(installation), try !database.hasAdministrator else {
            return []
        }
        return [
            .warning(
                "There is no administrator: no account that is enabled has the role admin.",
                why: "Without one, no one can manage accounts on the website.",
                cure: "gatehouse user add ADDRESS --role admin adds one with your e-mail address; "
                    + "if it has an account, gatehouse user role ADDRESS admin changes its role")
        ]
    }

    private static func clockBehind(_ installation: Installation) throws -> [Finding] {
        let now = installation.now
        guard let newest = try usable(installation)?.newestEvent,
            newest.milliseconds > now.milliseconds + 60_000
        else { return [] }
        return [
            .error(
                "The newest event in the database is from \(newest.iso8601), but the system clock "
                    + "says \(now.iso8601).",
                why: "The clock is wrong now, or was wrong then. Tokens expire too early or too "
                    + "late.",
                cure: "timedatectl set-ntp true; timedatectl shows whether the clock is "
                    + "synchronized. If it is, nothing else needs to be done: this finding "
                    + "disappears when the clock has passed the time of that event")
        ]
    }

    /// Returns the database if it is intact and its tables have the version that this program uses.
    ///
    /// - Returns: nil if the database file is missing or empty.
    /// - Throws: `Skipped` if the database is damaged or its tables have another version.
    private static func usable(_ installation: Installation) throws -> DatabaseDiagnosis? {
        guard let database = try installation.database.get() else { return nil }
        let file = database.file
        guard database.damage == nil, try file.version == DatabaseFile.knownVersion else {
            throw Skipped("the database is damaged or has another version")
        }
        return file
    }
}

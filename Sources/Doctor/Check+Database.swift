import Glibc
import Identity
import SQLiteStore
import Settings

/// The database: there, sound, of this version, and for the server alone.
extension Check {
    static let database = [
        Check("database-missing", missingDatabase),
        Check("database-readable", readableDatabase),
        Check("database-owner", foreignDatabase),
        Check("database-locked-down", lockedDatabase),
        Check("database-damaged", damagedDatabase),
        Check("database-version", otherVersion),
        Check("administrator-missing", missingAdministrator),
        Check("clock-behind", clockBehind),
    ]

    /// The files of the database that are there, and what they are.
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
        let what =
            try FileStatus(folder) == nil
            ? "There is no folder \(folder.escaped) for the database."
            : "There is no database at \(path.escaped)."
        return [
            .error(
                what,
                why: "The server makes one when it starts, so it has not started, or has another.",
                cure: "systemctl restart \(installation.unit); gatehouse check")
        ]
    }

    private static func readableDatabase(_ installation: Installation) throws -> [Finding] {
        try files(installation).filter { $0.status.isReadableByOthers }.map { file in
            .error(
                "Every user of this machine can read \(file.path.escaped).",
                why: "E-mail addresses and the hashes of passwords are in it.",
                cure: "chmod 600 \(file.path.asShellWord)")
        }
    }

    private static func foreignDatabase(_ installation: Installation) throws -> [Finding] {
        let path = try installation.databasePath
        let folder = File.folder(of: path)
        guard let folderStatus = try FileStatus(folder) else { return [] }
        return try files(installation).filter { file in
            // A folder that a group shares may be another's.
            let isShared =
                folderStatus.mode & S_IWGRP != 0 && folderStatus.group == file.status.group
            return file.status.owner != folderStatus.owner && !isShared
        }.map { file in
            .error(
                "\(file.path.escaped) does not belong to the user whom its folder belongs to.",
                why:
                    "The server runs as that user, and can then not write to it: nobody can log in.",
                cure: "chown --reference=\(folder.asShellWord) \(file.path.asShellWord)")
        }
    }

    private static func lockedDatabase(_ installation: Installation) throws -> [Finding] {
        let path = try installation.databasePath
        let folder = File.folder(of: path)
        guard let status = try FileStatus(folder) else { return [] }
        let why = "The server can then write nothing: nobody can log in."
        var system = statvfs()
        if statvfs(folder, &system) == 0, system.f_flag & UInt(ST_RDONLY) != 0 {
            return [
                .error(
                    "The file system of \(folder.escaped) is read-only.", why: why,
                    cure: "journalctl -k -n 50; mount -o remount,rw \"$(findmnt -n -o TARGET -T "
                        + "\(folder.asShellWord))\"")
            ]
        }
        let places = [(path: folder, status: status)] + (try files(installation))
        return places.filter { !$0.status.isWritableByOwner }.map { place in
            .error(
                "The owner of \(place.path.escaped) may not write to it.", why: why,
                cure: "chmod u+w \(place.path.asShellWord)")
        }
    }

    private static func damagedDatabase(_ installation: Installation) throws -> [Finding] {
        guard let damage = try installation.database.get()?.damage else { return [] }
        return [
            .error(
                "The database is damaged: \(damage.escaped).",
                why: "What is lost gets more with each write.",
                cure: "move the database away and put the newest backup in its place: "
                    + "gatehouse(8), restore")
        ]
    }

    private static func otherVersion(_ installation: Installation) throws -> [Finding] {
        guard let database = try installation.database.get(), database.damage == nil else {
            return []
        }
        let (version, known) = (try database.file.version, DatabaseFile.knownVersion)
        if version > known {
            return [
                .error(
                    "The database has version \(version); this program knows \(known) at most.",
                    why: "A server of this version does not start with it.",
                    cure:
                        "apt install the newer gatehouse again, or gatehouse restore a backup of before"
                )
            ]
        }
        guard version < known else { return [] }
        return [
            .warning(
                "The database has version \(version); this program makes \(known) of it.",
                why: "The server is still one of before the upgrade, or has not started.",
                cure: "systemctl restart \(installation.unit.asShellWord)")
        ]
    }

    private static func missingAdministrator(_ installation: Installation) throws -> [Finding] {
        guard let database = try usable(installation), try !database.hasAdministrator else {
            return []
        }
        return [
            .warning(
                "No account may administer: none has the role admin, or all that do are disabled.",
                why: "Nobody can remove people or see to accounts in the page.",
                cure: "gatehouse user add admin@example.com --role admin")
        ]
    }

    private static func clockBehind(_ installation: Installation) throws -> [Finding] {
        let now = Timestamp.now
        guard let newest = try usable(installation)?.newestEvent,
            newest.milliseconds > now.milliseconds + 60_000
        else { return [] }
        return [
            .error(
                "The newest event in the database is of \(newest.iso8601), and it is \(now.iso8601).",
                why: "The clock was wrong then or is now. Tokens end too early or too late.",
                cure: "timedatectl set-ntp true; timedatectl timesync-status")
        ]
    }

    /// The database, if its tables are those that we know.
    private static func usable(_ installation: Installation) throws -> DatabaseDiagnosis? {
        guard let database = try installation.database.get() else { return nil }
        let file = database.file
        guard database.damage == nil, try file.version == DatabaseFile.knownVersion else {
            throw Skipped("the database is not a sound one of this version")
        }
        return file
    }
}

/// The database opened for looking, and what is damaged in it.
struct ExaminedDatabase {
    let file: DatabaseDiagnosis
    let damage: String?

    /// Opens the database; nil where there is none or it is empty.
    init?(_ path: String) throws {
        guard let status = try FileStatus(path), status.size > 0 else { return nil }
        guard access(path, R_OK) == 0 else {
            throw Skipped("\(path.escaped) may not be read; be root")
        }
        file = try DatabaseDiagnosis(path: path, immutable: try FileStatus(path + "-wal") == nil)
        damage = try file.damage
    }
}

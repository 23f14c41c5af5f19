import Glibc
import Settings

/// Checks that the server's unix socket exists, that the server responds on it, and that only
/// nginx can write to it.
extension Check {
    static let socket = [
        Check("socket-missing", missingSocket),
        Check("socket-silent", silentSocket),
        Check("store-unready", unreadyStore),
        Check("socket-open", openSocket),
        Check("socket-closed-to-nginx", closedSocket),
    ]

    private static func restart(_ installation: Installation) -> String {
        "systemctl restart \(installation.unit).socket \(installation.unit).service; "
            + "journalctl -u \(installation.unit) -n 20"
    }

    /// Reads the status of the socket's file.
    ///
    /// - Returns: nil if no socket exists at the path; the check `socket-missing` reports this.
    private static func status(_ installation: Installation) throws -> FileStatus? {
        guard let status = try FileStatus(installation.socketPath), status.isSocket else {
            return nil
        }
        return status
    }

    private static func missingSocket(_ installation: Installation) throws -> [Finding] {
        let path = try installation.socketPath
        guard try status(installation) == nil else { return [] }
        return [
            .error(
                "The server's socket \(path.escaped) does not exist.",
                why: "nginx cannot reach the server, so every request fails with status 502.",
                cure: restart(installation))
        ]
    }

    private static func probe(_ path: String, _ installation: Installation) throws -> Int {
        let socketPath = try installation.socketPath
        do throws(FastCGIProbe.Failure) {
            return try FastCGIProbe.status(of: path, at: socketPath)
        } catch {
            guard error.code != EACCES else {
                throw Skipped("this user may not connect to \(socketPath.escaped); run as root")
            }
            throw error
        }
    }

    private static func silentSocket(_ installation: Installation) throws -> [Finding] {
        guard try status(installation) != nil else { return [] }
        let path = try installation.socketPath
        let what: String
        do {
            let status = try probe("/health", installation)
            guard status != 200 else { return [] }
            what =
                "The server at \(path.escaped) responds to /health with status \(status), "
                + "not 200."
        } catch let failure as FastCGIProbe.Failure {
            what =
                failure.code == ECONNREFUSED
                ? "No server is listening on the socket \(path.escaped)."
                : "No response came from the socket \(path.escaped) (\(failure.reason))."
        }
        return [
            .error(
                what,
                why: "nginx passes every request to this socket, so requests fail with status "
                    + "502 or 504.",
                cure: restart(installation))
        ]
    }

    private static func unreadyStore(_ installation: Installation) throws -> [Finding] {
        guard try status(installation) != nil,
            let status = try? probe("/health/ready", installation)
        else { return [] }
        guard status != 200 else { return [] }
        return [
            .error(
                "The server cannot read or write its database: it responds to /health/ready with "
                    + "status \(status).",
                why: "No one can log in until the database works.",
                cure: "journalctl -u \(installation.unit) -p warning -n 20, which shows the "
                    + "database's error")
        ]
    }

    private static func openSocket(_ installation: Installation) throws -> [Finding] {
        guard try status(installation)?.isWritableByOthers == true else { return [] }
        let path = try installation.socketPath
        return [
            .error(
                "Every user of this machine can write to the server's socket \(path.escaped).",
                why: "A user who can write to it can impersonate nginx and forge the client's "
                    + "address in a request.",
                cure: "chmod o= \(path.asShellWord); to keep it so, set SocketMode=0660 in "
                    + "\(installation.unit).socket, or GATEHOUSE_SOCKET_MODE=0660 if the server "
                    + "creates the socket")
        ]
    }

    private static func closedSocket(_ installation: Installation) throws -> [Finding] {
        guard let status = try status(installation) else { return [] }
        let path = try installation.socketPath
        guard let user = try installation.nginxConfiguration.get().user else {
            throw Skipped("nginx's configuration names no user")
        }
        var folder = File.folder(of: path)
        var blocked = user.may(2, status) ? nil : path
        while blocked == nil, folder != "/", folder != "." {
            if let status = try FileStatus(folder), !user.may(1, status) { blocked = folder }
            folder = File.folder(of: folder)
        }
        guard let blocked else { return [] }
        let isSocket = blocked == path
        return [
            .error(
                "nginx runs as the user \(user.name), who may not "
                    + (isSocket ? "write to the socket" : "enter the folder")
                    + " \(blocked.escaped).",
                why: "nginx cannot connect to the server, so every request fails with status 502.",
                cure: isSocket
                    ? "chgrp \(user.name.asShellWord) \(path.asShellWord) && "
                        + "chmod 660 \(path.asShellWord); to keep it so, set "
                        + "SocketGroup=\(user.name) in \(installation.unit).socket"
                    : "chmod o+x \(blocked.asShellWord)")
        ]
    }
}

import Glibc
import Settings

/// The socket: somebody answers at it, nginx may write to it, and nobody else.
extension Check {
    static let socket = [
        Check("socket-missing", missingSocket),
        Check("socket-silent", silentSocket),
        Check("store-unready", unreadyStore),
        Check("socket-open", openSocket),
        Check("socket-closed-to-nginx", closedSocket),
    ]

    private static func start(_ installation: Installation) -> String {
        "systemctl restart \(installation.unit).socket \(installation.unit).service; "
            + "journalctl -u \(installation.unit) -n 20"
    }

    /// The socket's file; nil where there is none, which has a look of its own.
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
                "There is no socket at \(path.escaped).",
                why: "nginx cannot reach the server: every request is answered 502.",
                cure: start(installation))
        ]
    }

    private static func probe(_ path: String, _ installation: Installation) throws -> Int {
        let socketPath = try installation.socketPath
        do throws(FastCGIProbe.Failure) {
            return try FastCGIProbe.status(of: path, at: socketPath)
        } catch {
            guard error.code != EACCES else {
                throw Skipped("\(socketPath.escaped) is not for us to write to; be root")
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
            what = "The server at \(path.escaped) answers /health with \(status)."
        } catch let failure as FastCGIProbe.Failure {
            what =
                failure.code == ECONNREFUSED
                ? "Nobody listens at \(path.escaped)."
                : "Nobody answers at \(path.escaped) (\(failure.reason))."
        }
        return [
            .error(
                what, why: "nginx waits in vain: every request is answered 502 or 504.",
                cure: start(installation))
        ]
    }

    private static func unreadyStore(_ installation: Installation) throws -> [Finding] {
        guard try status(installation) != nil,
            let status = try? probe("/health/ready", installation)
        else { return [] }
        guard status != 200 else { return [] }
        return [
            .error(
                "The server cannot read or write its database: /health/ready is \(status).",
                why: "Nobody can log in.",
                cure: "journalctl -u \(installation.unit) -p warning -n 20")
        ]
    }

    private static func openSocket(_ installation: Installation) throws -> [Finding] {
        guard try status(installation)?.isWritableByOthers == true else { return [] }
        let path = try installation.socketPath
        return [
            .error(
                "Every user of this machine can write to \(path.escaped).",
                why:
                    "Who can write to it speaks for nginx, and can give any address for a client's.",
                cure: "chmod o= \(path.asShellWord), and SocketMode=0660 in "
                    + "\(installation.unit).socket, or GATEHOUSE_SOCKET_MODE=0660")
        ]
    }

    private static func closedSocket(_ installation: Installation) throws -> [Finding] {
        guard let status = try status(installation) else { return [] }
        let path = try installation.socketPath
        guard let user = try installation.nginxConfiguration.get().user else {
            throw Skipped("nginx's configuration has no user")
        }
        var folder = File.folder(of: path)
        var blocked = user.may(2, status) ? nil : path
        while blocked == nil, folder != "/", folder != "." {
            if let status = try FileStatus(folder), !user.may(1, status) { blocked = folder }
            folder = File.folder(of: folder)
        }
        guard let blocked else { return [] }
        return [
            .error(
                "\(user.name), whom nginx runs as, does not get through \(blocked.escaped).",
                why: "nginx may not connect to the server: every request is answered 502.",
                cure: blocked == path
                    ? "chgrp \(user.name.asShellWord) \(path.asShellWord) && "
                        + "chmod 660 \(path.asShellWord), and SocketGroup= in "
                        + "\(installation.unit).socket"
                    : "chmod o+x \(blocked.asShellWord)")
        ]
    }
}

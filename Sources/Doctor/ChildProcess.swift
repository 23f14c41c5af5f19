import Glibc
import Settings

/// Another program, run to its end: no shell, none of our environment, and not for ever.
enum ChildProcess {
    /// How it ended and what it said.
    struct Outcome {
        /// The exit status; -1 where a signal ended it.
        let status: Int32
        let output: String
        let complaints: String
    }

    /// The most that a program may say.
    private static let longest = 16 * 1024 * 1024

    /// Runs a program.
    ///
    /// - Parameters:
    ///   - program: A path, or a name that is looked for in PATH and where system programs are.
    ///   - arguments: What follows its name.
    ///   - input: Its standard input, 60,000 bytes at most.
    ///   - seconds: After how long it is killed.
    /// - Returns: What it said, 16 MB at most, and how it ended.
    /// - Throws: `Skipped` where it is not there, takes too long or says too much.
    static func run(
        _ program: String, _ arguments: [String], input: String = "", seconds: Int = 20
    ) throws -> Outcome {
        guard let path = find(program) else { throw Skipped("\(program) is not installed") }
        let (standardInput, output, complaints) = (try Pipe(), try Pipe(), try Pipe())
        // The pipe's buffer (pipe(7)) takes all of it before anybody reads.
        guard input.utf8.count <= 60_000,
            write(standardInput.writer, input, input.utf8.count) == input.utf8.count
        else { throw Skipped("\(program) cannot be told so much") }

        let child = try spawn(path, arguments) { actions in
            posix_spawn_file_actions_adddup2(&actions, standardInput.reader, STDIN_FILENO)
            posix_spawn_file_actions_adddup2(&actions, output.writer, STDOUT_FILENO)
            posix_spawn_file_actions_adddup2(&actions, complaints.writer, STDERR_FILENO)
        }
        for pipe in [standardInput, output, complaints] { pipe.closeWriter() }
        let said = collect([output.reader, complaints.reader], seconds: seconds)
        if said == nil { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard let said else { throw Skipped("\(program) takes longer than \(seconds) seconds") }
        // WIFEXITED and WEXITSTATUS are macros.
        let isExited = status & 0x7F == 0
        return Outcome(
            status: isExited ? status >> 8 & 0xFF : -1,
            output: String(decoding: said[0], as: UTF8.self),
            complaints: String(decoding: said[1], as: UTF8.self))
    }

    /// The path of a program; nil where there is none.
    static func find(_ program: String) -> String? {
        guard !program.contains("/") else {
            return access(program, X_OK) == 0 ? program : nil
        }
        // su(1) leaves root with a user's PATH.
        let path = (Environment.variables["PATH"] ?? "") + ":/usr/sbin:/sbin:/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(program)" }
            .first { access($0, X_OK) == 0 }
    }

    private static func spawn(
        _ path: String, _ arguments: [String],
        _ prepare: (inout posix_spawn_file_actions_t) -> Void
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        prepare(&actions)
        let words = cStrings([path] + arguments)
        // Nothing of ours: the secret may be in it. Messages in English, for they are read.
        let variables = cStrings(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "HOME=/"])
        defer { for text in words + variables { free(text) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, path, &actions, nil, words, variables)
        guard code == 0 else {
            throw Skipped("\(path) cannot be run: \(String(cString: strerror(code)))")
        }
        return child
    }

    private static func cStrings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { strdup($0) } + [nil]
    }

    /// Reads all descriptors to their ends; nil where that takes too long or is too much.
    private static func collect(_ descriptors: [Int32], seconds: Int) -> [[UInt8]]? {
        var said = descriptors.map { _ in [UInt8]() }
        var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let end = monotonicSeconds() + seconds
        while polled.contains(where: { $0.fd >= 0 }) {
            let left = end - monotonicSeconds()
            guard left > 0 else { return nil }
            guard poll(&polled, nfds_t(polled.count), Int32(left * 1000)) >= 0 || errno == EINTR
            else { return nil }
            for index in polled.indices where polled[index].fd >= 0 && polled[index].revents != 0 {
                let count = read(polled[index].fd, &buffer, buffer.count)
                if count < 0, errno == EINTR { continue }
                // poll(2) passes over negative descriptors.
                guard count > 0 else {
                    polled[index].fd = -1
                    continue
                }
                said[index] += buffer[..<count]
                guard said[index].count <= longest else { return nil }
            }
        }
        return said
    }

    private static func monotonicSeconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec
    }
}

/// Both ends of a pipe, closed with this value.
private final class Pipe {
    let reader: Int32
    private(set) var writer: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Skipped("no pipe can be made") }
        (reader, writer) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    func closeWriter() {
        if writer >= 0 { close(writer) }
        writer = -1
    }

    deinit {
        closeWriter()
        close(reader)
    }
}

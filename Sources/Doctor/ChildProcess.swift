import Glibc
import Settings

/// Runs another program and waits for it to end.
///
/// The program runs without a shell, does not get this process's environment, and has a timeout.
package enum ChildProcess {
    /// The exit status and output of a program.
    package struct Outcome {
        /// The exit status; -1 if a signal ended the program.
        package let status: Int32
        package let output: String
        /// The text written to standard error.
        package let errors: String
    }

    /// The maximum number of bytes that are read from standard output, or from standard error.
    private static let maximumOutput = 16 * 1024 * 1024

    /// Runs a program.
    ///
    /// - Parameters:
    ///   - program: A path, or a name to look up in PATH and in the folders of system programs.
    ///   - arguments: The arguments after the program's name.
    ///   - input: The program's standard input, at most 60,000 bytes.
    ///   - seconds: The timeout, after which the program is killed.
    /// - Returns: The exit status and the text written to standard output and standard error.
    /// - Throws: `Skipped` if the program is not installed, times out or writes more than 16 MB.
    package static func run(
        _ program: String, _ arguments: [String], input: String = "", seconds: Int = 20
    ) throws -> Outcome {
        guard let path = find(program) else { throw Skipped("\(program) is not installed") }
        let (standardInput, output, errors) = (try Pipe(), try Pipe(), try Pipe())
        // The whole input fits into the pipe's buffer of 64 KiB (pipe(7)), so this write does not
        // block.
        guard input.utf8.count <= 60_000,
            write(standardInput.writer, input, input.utf8.count) == input.utf8.count
        else { throw Skipped("the input of \(program) is too long") }

        let child = try spawn(path, arguments) { actions in
            posix_spawn_file_actions_adddup2(&actions, standardInput.reader, STDIN_FILENO)
            posix_spawn_file_actions_adddup2(&actions, output.writer, STDOUT_FILENO)
            posix_spawn_file_actions_adddup2(&actions, errors.writer, STDERR_FILENO)
        }
        for pipe in [standardInput, output, errors] { pipe.closeWriter() }
        let outputs = collect([output.reader, errors.reader], seconds: seconds)
        if outputs == nil { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        guard let outputs else {
            throw Skipped("\(program) did not finish within \(seconds) s, or wrote over 16 MB")
        }
        // WIFEXITED and WEXITSTATUS are macros, which Swift does not import.
        let isExited = status & 0x7F == 0
        return Outcome(
            status: isExited ? status >> 8 & 0xFF : -1,
            output: String(decoding: outputs[0], as: UTF8.self),
            errors: String(decoding: outputs[1], as: UTF8.self))
    }

    /// Returns the path of a program; nil if it is not installed.
    static func find(_ program: String) -> String? {
        guard !program.contains("/") else {
            return access(program, X_OK) == 0 ? program : nil
        }
        // After su(1), root still has the calling user's PATH, which lacks /usr/sbin and /sbin.
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
        // This process's environment is not passed on, since it may contain the secret. LC_ALL=C
        // makes programs print messages in English, which the checks can parse.
        let variables = cStrings(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "HOME=/"])
        defer { for text in words + variables { free(text) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, path, &actions, nil, words, variables)
        guard code == 0 else {
            throw Skipped("cannot run \(path): \(String(cString: strerror(code)))")
        }
        return child
    }

    private static func cStrings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        texts.map { strdup($0) } + [nil]
    }

    /// Reads every descriptor to its end; returns nil if the time or the maximum size is exceeded.
    private static func collect(_ descriptors: [Int32], seconds: Int) -> [[UInt8]]? {
        var outputs = descriptors.map { _ in [UInt8]() }
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
                // A descriptor at its end is replaced by -1, because poll(2) ignores negative ones.
                guard count > 0 else {
                    polled[index].fd = -1
                    continue
                }
                outputs[index] += buffer[..<count]
                guard outputs[index].count <= maximumOutput else { return nil }
            }
        }
        return outputs
    }

    private static func monotonicSeconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec
    }
}

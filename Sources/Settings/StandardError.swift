import Glibc

/// Writes errors and prompts to standard error, so that a command's output can be piped.
package struct StandardError: TextOutputStream {
    package init() {}

    package mutating func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = Glibc.write(STDERR_FILENO, Array(bytes), bytes.count)
            if count < 0, errno == EINTR { continue }
            // If standard error cannot be written, there is no other place to report the failure.
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}

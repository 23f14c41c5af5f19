import Glibc

/// Where complaints and prompts go, so that a command's output can be piped on.
package struct StandardError: TextOutputStream {
    package init() {}

    package mutating func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = Glibc.write(STDERR_FILENO, Array(bytes), bytes.count)
            if count < 0, errno == EINTR { continue }
            // Nobody is left to be told.
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}

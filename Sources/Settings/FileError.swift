import Glibc

/// An error in reading a file, with the system call that failed and its errno.
package struct FileError: Error, CustomStringConvertible {
    package let failedCall: String
    package let code: Int32

    package init(failedCall: String, code: Int32) {
        self.failedCall = failedCall
        self.code = code
    }

    package var description: String {
        switch code {
        case ENOENT: "does not exist"
        case EACCES: "cannot be read for lack of permission"
        case EISDIR: "is a directory"
        case EFBIG: "is too long"
        default: "cannot be read (\(failedCall): error \(code))"
        }
    }
}

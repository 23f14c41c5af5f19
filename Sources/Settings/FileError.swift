import Glibc

/// A file cannot be read; see the error numbers of the failed call's manual page.
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
        case EACCES: "may not be read"
        case EISDIR: "is a directory"
        case EFBIG: "is too long"
        default: "cannot be read (\(failedCall): error \(code))"
        }
    }
}

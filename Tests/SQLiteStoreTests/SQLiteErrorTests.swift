import Glibc
import Testing

@testable import SQLiteStore

/// The codes are those of https://sqlite.org/rescode.html.
struct SQLiteErrorTests {
    @Test(
        arguments: [
            (13, 0), (7, 0), (10, ENOSPC), (10, EDQUOT),
            (10, ENOMEM), (14, EMFILE), (14, ENFILE),
            (14 | 2 << 8, EMFILE),
        ] as [(Int32, Int32)])
    func `a full disk, and too little memory or descriptors, are a lack of resources`(
        code: Int32, systemError: Int32
    ) {
        let error = SQLiteError(
            code: code, call: "x", message: "", sql: nil, systemError: systemError)

        #expect(error.isLackOfResources)
        #expect(!error.isRefusalByDisk)
    }

    @Test(
        arguments: [
            (10, EIO), (10, 0), (14, ENOENT), (8, 0),
            (5, 0), (11, 0), (19, 0), (1, EMFILE),
        ] as [(Int32, Int32)])
    func `other errors are not`(code: Int32, systemError: Int32) {
        let error = SQLiteError(
            code: code, call: "x", message: "", sql: nil, systemError: systemError)

        #expect(!error.isLackOfResources)
    }
}

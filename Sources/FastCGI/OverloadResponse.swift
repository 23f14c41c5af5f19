import CFastCGI
import Glibc
import HTTPTypes

/// One answer for every connection that there is no descriptor to keep.
///
/// Of the request no more is looked at than its number, so libfcgi has no part in it. The names are
/// those of the FastCGI specification, version 1.0.
struct OverloadResponse: Sendable {
    /// The answer as FCGI_STDOUT, its end, and FCGI_END_REQUEST, with 0 for the request's number.
    private let records: [UInt8]
    /// Where in it the records begin.
    private let starts: [Int]
    /// How long a peer may keep the worker waiting, before the answer and after it.
    private static let timeout: Int32 = 5
    private static let headerLength = 8

    /// Makes the records; the content must be short enough for one.
    init(_ response: FastCGIResponse) {
        let status = response.head.status
        var text = "Status: \(status.code) \(status.reasonPhrase)\r\n"
        for field in response.head.headerFields {
            text += "\(field.name.rawName): \(field.value)\r\n"
        }
        text += "Content-Length: \(response.body.count)\r\n\r\n"
        var records: [UInt8] = []
        var starts: [Int] = []
        let endOfRequest = [UInt8](repeating: 0, count: 8)
        for (type, content) in [(6, Array(text.utf8) + response.body), (6, []), (3, endOfRequest)] {
            starts.append(records.count)
            let length = UInt16(clamping: content.count)
            records += [1, UInt8(type), 0, 0, UInt8(length >> 8), UInt8(length & 255), 0, 0]
            records += content.prefix(Int(length))
        }
        self.records = records
        self.starts = starts
    }

    /// Answers the request that comes on a connection, if it comes at once.
    ///
    /// To close a socket with something unread in it would take the answer back, so what comes is
    /// read, but for no longer than a few milliseconds and no more than a request may be.
    func send(on descriptor: Int32) {
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 8) { buffer in
            guard receive(from: descriptor, into: buffer) >= Self.headerLength,
                buffer[0] == 1, buffer[1] == 1
            else { return }
            var answer = records
            for start in starts {
                answer[start + 2] = buffer[2]
                answer[start + 3] = buffer[3]
            }
            let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
            guard Glibc.send(descriptor, answer, answer.count, flags) == answer.count else {
                return
            }
            shutdown(descriptor, Int32(SHUT_WR))
            var rest = RequestScan.maximumLength
            let end = ContinuousClock.now + .milliseconds(Self.timeout)
            while rest > 0, ContinuousClock.now < end {
                let count = receive(from: descriptor, into: buffer)
                guard count > 0 else { return }
                rest -= count
            }
        }
    }

    private func receive(
        from descriptor: Int32, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, Self.timeout) == 1 else { return 0 }
        return recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
    }
}

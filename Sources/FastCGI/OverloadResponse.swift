import CFastCGI
import Glibc
import HTTPTypes

/// The response, usually a 503, to a request when no file descriptor is left for its connection.
///
/// Of the request, only its ID is needed for the response, so libfcgi is not used. Names such as
/// FCGI_STDOUT are those of the FastCGI specification, version 1.0.
struct OverloadResponse: Sendable {
    /// The response as three records, FCGI_STDOUT, an empty FCGI_STDOUT and FCGI_END_REQUEST, with
    /// the request ID 0, which `send` replaces in a copy.
    private let records: [UInt8]
    /// The offsets in `records` at which the three records begin.
    private let starts: [Int]
    /// How many milliseconds the worker waits for the peer, both before and after the response.
    ///
    /// nginx, the peer, sends its request as soon as it is connected, but on a busy machine nginx
    /// may first have to wait for a free processor.
    private static let timeout: Int32 = 50
    private static let headerLength = 8

    /// Encodes a response, whose head and body must fit in one record.
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

    /// Sends the response on a connection, if the beginning of a request arrives within `timeout`.
    ///
    /// Closing a socket that has unread data would discard the response. So the rest of the request
    /// is read, for at most `timeout` and up to the maximum length of a request.
    func send(on descriptor: Int32) {
        withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 8) { buffer in
            guard receive(from: descriptor, into: buffer) >= Self.headerLength,
                buffer[0] == 1, buffer[1] == 1
            else { return }
            var response = records
            for start in starts {
                response[start + 2] = buffer[2]
                response[start + 3] = buffer[3]
            }
            let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
            guard Glibc.send(descriptor, response, response.count, flags) == response.count else {
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

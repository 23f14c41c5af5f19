import CFastCGI
import Glibc

// libfcgi writes with blocking calls. A response that may not fit in the send buffer of the
// connection is therefore written by this extension, record by record, with non-blocking calls.
extension RequestIO {
    /// The maximum length of a response's content that libfcgi writes.
    ///
    /// It fits in the send buffer of a unix socket, which has 208 KiB by default
    /// (`net.core.wmem_default`).
    static let maximumShortContent = 65_536

    /// Whether a response must be sent by `sendLong` before `finish`.
    func isLong(_ response: FastCGIResponse) -> Bool {
        response.rest != nil || response.body.count > Self.maximumShortContent
    }

    /// Sends a long response, except the record that ends it.
    ///
    /// - Parameters:
    ///   - response: The response.
    ///   - unread: The set that the connection joins while it waits for the peer to read.
    /// - Returns: `false` if the response is incomplete because the peer does not read it or a part
    ///   cannot be produced.
    func sendLong(_ response: FastCGIResponse, waitingIn unread: UnreadConnections) async -> Bool {
        guard sendHead(of: response) else { return false }
        guard !isHead else { return true }
        guard await send(response.body, waitingIn: unread) else { return false }
        var rest = response.rest
        while let current = rest {
            guard let next = try? await current.next() else { return false }
            guard await send(next.part, waitingIn: unread) else { return false }
            rest = next.rest
        }
        // Wait for room for the record that ends the response, so that libfcgi does not block when
        // it writes that record.
        return await unread.waitUntilWritable(descriptor)
    }

    private func send(_ content: [UInt8], waitingIn unread: UnreadConnections) async -> Bool {
        var start = 0
        while start < content.count {
            let end = min(start + Record.maximumContent, content.count)
            let record = Record.standardOutput(content[start..<end], requestID: requestID)
            var sent = 0
            while sent < record.count {
                // Wait before each write, even if there is room, so that the worker can serve other
                // requests between two writes.
                guard await unread.waitUntilWritable(descriptor) else { return false }
                let count = record.withUnsafeBytes { bytes in
                    Glibc.send(
                        descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent,
                        Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
                }
                guard count >= 0 || errno == EAGAIN || errno == EINTR else { return false }
                sent += max(count, 0)
            }
            start = end
        }
        return true
    }
}

extension Record {
    /// The greatest length of a record's content that is a multiple of 8.
    ///
    /// The specification recommends multiples of 8 (section 3.3).
    fileprivate static let maximumContent = 65_528

    /// An FCGI_STDOUT record.
    fileprivate static func standardOutput(_ content: ArraySlice<UInt8>, requestID: Int) -> [UInt8]
    {
        var record: [UInt8] = []
        record.reserveCapacity(headerLength + content.count)
        for byte in [
            1, 6, requestID >> 8 & 0xFF, requestID & 0xFF, content.count >> 8,
            content.count & 0xFF, 0, 0,
        ] { record.append(UInt8(byte)) }
        record += content
        return record
    }
}

import CFastCGI
import Glibc

extension RequestScan {
    /// Checks the bytes that wait on a connection without removing them from the socket.
    ///
    /// - Returns: The result of the check, or `nil` if the peer has closed the connection.
    static func peek(
        _ descriptor: Int32, with buffer: UnsafeMutableRawBufferPointer
    ) -> RequestScan? {
        let count = recv(
            descriptor, buffer.baseAddress, buffer.count, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        if count > 0 {
            let waiting = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            return scan(Span(_unsafeBytes: waiting))
        }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .empty : nil
    }
}

import CFastCGI
import Glibc
import HTTPTypes

/// Reads one request and writes its response through libfcgi.
///
/// An instance is reused for one request after another.
final class RequestIO: @unchecked Sendable {
    // The compiler cannot prove that this class is Sendable. It is, because only one worker or task
    // uses an instance at a time. An instance is handed over through the executor's queue or under
    // the lock of the server's list of instances, which order the accesses.
    private let raw: UnsafeMutablePointer<FCGX_Request>
    private var peerKeepsConnection = false
    private(set) var isHead = false

    init() {
        raw = .allocate(capacity: 1)
        // Set the listening socket to -1, so that libfcgi fails instead of blocking if it tries to
        // accept a connection.
        FCGX_InitRequest(raw, -1, 0)
    }

    deinit { raw.deallocate() }

    /// Reads the complete request that waits on a connection.
    ///
    /// - Returns: The request, or `nil` if libfcgi rejected the request and closed the connection.
    func begin(on descriptor: Int32) -> FastCGIRequest? {
        raw.pointee.ipcFd = descriptor
        // If `keepConnection` were 0, FCGX_Accept_r would begin by closing the descriptor.
        raw.pointee.keepConnection = 1
        // If `detached` were 0, libfcgi would wait up to 2 s for the peer before closing the
        // connection after an error.
        raw.pointee.detached = 1
        guard FCGX_Accept_r(raw) == 0 else {
            raw.pointee.ipcFd = -1
            return nil
        }
        peerKeepsConnection = raw.pointee.keepConnection != 0
        // Check for an error, because libfcgi mistakes the end of a truncated request for the end
        // of the parameters.
        guard FCGX_GetError(raw.pointee.in) == 0, let environment = raw.pointee.envp,
            let body = readBody(),
            case let parameters = FastCGIParameters(copying: environment),
            parameters.announces(bodyOf: body.count)
        else {
            raw.pointee.keepConnection = 0
            FCGX_Finish_r(raw)
            return nil
        }
        isHead = parameters.hasValue("HEAD", for: "REQUEST_METHOD")
        return FastCGIRequest(parameters: parameters, body: body)
    }

    /// Sends a response for which `isLong` is false.
    ///
    /// - Returns: The connection if it stays open, or `nil` if it was closed.
    func finish(with response: FastCGIResponse, keepsConnections: Bool) -> Int32? {
        writeHead(response)
        if !isHead { response.body.withUnsafeBytes(write) }
        return finish(keepsConnections: keepsConnections)
    }

    /// The descriptor of the connection.
    var descriptor: Int32 { raw.pointee.ipcFd }

    /// The ID of the request on its connection.
    var requestID: Int { Int(raw.pointee.requestId) }

    /// Writes the head of a long response.
    ///
    /// - Returns: `false` if the peer has closed the connection.
    func sendHead(of response: FastCGIResponse) -> Bool {
        writeHead(response)
        return FCGX_FFlush(raw.pointee.out) == 0
    }

    /// Closes the connection without ending the response, so that the peer knows that the response
    /// is incomplete.
    func abandon() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        _ = finish(keepsConnections: false)
    }

    /// Ends a response.
    ///
    /// - Returns: The connection if it stays open, or `nil` if it was closed.
    func finish(keepsConnections: Bool) -> Int32? {
        // Keep libfcgi from closing the connection, because libfcgi would wait for the peer first
        // and block the worker.
        raw.pointee.keepConnection = 1
        FCGX_Finish_r(raw)
        let descriptor = raw.pointee.ipcFd
        raw.pointee.ipcFd = -1
        guard descriptor >= 0 else { return nil }
        guard peerKeepsConnection, keepsConnections else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// Reads the body to its end, as FCGX_Finish_r requires.
    private func readBody() -> [UInt8]? {
        let size = 4096
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { chunk in
            var body: [UInt8] = []
            while true {
                let count = Int(FCGX_GetStr(chunk.baseAddress, Int32(size), raw.pointee.in))
                guard count >= 0, FCGX_GetError(raw.pointee.in) == 0 else { return nil }
                body.append(
                    contentsOf: UnsafeRawBufferPointer(
                        rebasing: UnsafeRawBufferPointer(chunk)[..<count]))
                if count < size { return body }
            }
        }
    }

    /// Writes the header block of a CGI document response (RFC 3875, section 6.3).
    private func writeHead(_ response: FastCGIResponse) {
        let status = response.head.status
        write("Status: ")
        write(status.code)
        write(" ")
        write(status.reasonPhrase)
        for field in response.head.headerFields {
            write("\r\n")
            write(field.name.rawName)
            write(": ")
            write(field.value)
        }
        if status.allowsContent, response.rest == nil {
            write("\r\nContent-Length: ")
            write(response.body.count)
        }
        write("\r\n\r\n")
    }

    private func write(_ number: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = number
            var start = digits.count
            repeat {
                start -= 1
                digits[start] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest > 0
            write(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(digits)[start...]))
        }
    }

    private func write(_ text: String) {
        var text = text
        text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Int32(clamping: rest.count)
            FCGX_PutStr(
                rest.baseAddress?.assumingMemoryBound(to: CChar.self), count, raw.pointee.out)
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(Int(count)))
        }
    }
}

extension HTTPResponse.Status {
    /// Whether a response with this status may have content, and therefore a `Content-Length` (RFC
    /// 9110, sections 6.4.1 and 8.6).
    fileprivate var allowsContent: Bool { code >= 200 && code != 204 && code != 304 }
}

import CFastCGI
import Glibc
import HTTPTypes

/// One request and its answer, as libfcgi sees them.
///
/// Made once and used again for one request after another.
final class RequestIO: @unchecked Sendable {
    // Sendable is proved by use: one worker or one task holds an exchange at a time. It goes from
    // one to the other through the executor's queue or the pool's monitor, which order the accesses.
    private let raw: UnsafeMutablePointer<FCGX_Request>
    private var peerKeepsConnection = false
    private var isHead = false

    init() {
        raw = .allocate(capacity: 1)
        // Descriptor -1: when libfcgi wants another connection, its accept must fail, not block.
        FCGX_InitRequest(raw, -1, 0)
    }

    deinit { raw.deallocate() }

    /// Reads the request that waits, whole, on a connection.
    ///
    /// - Returns: `nil` when there is none; the connection is closed then.
    func begin(on descriptor: Int32) -> FastCGIRequest? {
        raw.pointee.ipcFd = descriptor
        // Otherwise the first thing that libfcgi does is to close the descriptor.
        raw.pointee.keepConnection = 1
        // When libfcgi closes after an error, it must not linger, up to 2 s, for the peer to close.
        raw.pointee.detached = 1
        guard FCGX_Accept_r(raw) == 0 else {
            raw.pointee.ipcFd = -1
            return nil
        }
        peerKeepsConnection = raw.pointee.keepConnection != 0
        // libfcgi takes the end of a truncated request for the end of its parameters.
        guard FCGX_GetError(raw.pointee.in) == 0, let environment = raw.pointee.envp,
            let body = readBody()
        else {
            raw.pointee.keepConnection = 0
            FCGX_Finish_r(raw)
            return nil
        }
        let parameters = FastCGIParameters(copying: environment)
        isHead = parameters.holds("HEAD", as: "REQUEST_METHOD")
        return FastCGIRequest(parameters: parameters, body: body)
    }

    /// Sends the answer.
    ///
    /// - Returns: The connection when it is to be kept; `nil` when it is closed.
    func finish(with response: FastCGIResponse, keepsConnections: Bool) -> Int32? {
        writeHead(response)
        if !isHead { response.body.withUnsafeBytes(write) }
        // Never libfcgi's own close: it lingers, and a worker with it.
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

    /// Reads the content to its end, which FCGX_Finish_r needs as well.
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
        if status.allowsContent {
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
        _ = FCGX_PutStr(
            bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count),
            raw.pointee.out)
    }
}

extension HTTPResponse.Status {
    /// Whether an answer may have content, and so a length of it (RFC 9110, sections 6.4.1, 8.6).
    fileprivate var allowsContent: Bool { code >= 200 && code != 204 && code != 304 }
}

/// What libfcgi does once in a process.
///
/// It installs handlers for SIGPIPE, SIGTERM and SIGUSR1 where there are none. The first would
/// end the process when a peer goes; the others set a flag that nobody reads here.
func prepareLibrary() { _ = library }

private let library: Int32 = {
    signal(SIGPIPE, SIG_IGN)
    return FCGX_Init()
}()

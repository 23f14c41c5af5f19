import CFastCGI
import Glibc

/// One request and its answer, as libfcgi sees them.
///
/// Made once and used again for one request after another.
final class Exchange: @unchecked Sendable {
    // Sendable is proved by use: one worker or one task holds an exchange at a time. It goes from
    // one to the other through the crew's queue or the pool's monitor, which order the accesses.
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
        guard FCGX_Accept_r(raw) == 0 else {
            raw.pointee.ipcFd = -1
            return nil
        }
        peerKeepsConnection = raw.pointee.keepConnection != 0
        // libfcgi takes the end of a truncated request for the end of its parameters.
        guard FCGX_GetError(raw.pointee.in) == 0, let parameters = copyParameters(),
            let body = readBody()
        else {
            raw.pointee.keepConnection = 0
            FCGX_Finish_r(raw)
            return nil
        }
        let request = FastCGIRequest(parameters: parameters, body: body)
        isHead = request.method == "HEAD"
        return request
    }

    /// Sends the answer.
    ///
    /// - Returns: The connection when it is to be kept; `nil` when it is closed.
    func finish(with response: FastCGIResponse, keepsConnections: Bool) -> Int32? {
        write(response.headerBlock)
        if !isHead { write(response.body) }
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

    private func copyParameters() -> FastCGIParameters? {
        guard let variables = raw.pointee.envp else { return nil }
        var parameters = FastCGIParameters(entries: 32, bytes: 2048)
        var index = 0
        while let variable = variables[index] {
            index += 1
            guard let equals = strchr(variable, Int32(UInt8(ascii: "="))) else { continue }
            let bytes = UnsafeRawBufferPointer(start: variable, count: strlen(variable))
            parameters.append(bytes, nameLength: equals - variable)
        }
        return parameters
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

    private func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            _ = FCGX_PutStr(
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count),
                raw.pointee.out)
        }
    }
}

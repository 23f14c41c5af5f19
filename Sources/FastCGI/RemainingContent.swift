/// The rest of a response's content, which is produced part by part while the response is sent.
///
/// A part is produced only after the web server has read most of the parts before it. So a response
/// of any length needs memory for only one part, and a client that reads slowly occupies neither a
/// worker nor any resource that producing a part takes.
///
/// The length of such a response is not known in advance, so it has no `Content-Length`. If a part
/// cannot be produced, the connection is closed before the end of the response, so that the web
/// server and its client notice that the content is incomplete.
public struct RemainingContent: Sendable {
    /// Produces the next part, and returns it with the rest, which is `nil` after the last part.
    public let next: @Sendable () async throws -> (part: [UInt8], rest: RemainingContent?)

    /// Creates remaining content from a closure that produces its next part.
    public init(
        next: @escaping @Sendable () async throws -> (part: [UInt8], rest: RemainingContent?)
    ) {
        self.next = next
    }

    /// Returns the same content, but passes an error in producing a part to `report` as well.
    public func onError(
        _ report: @escaping @Sendable (any Error) -> Void
    ) -> RemainingContent {
        RemainingContent {
            do {
                let (part, rest) = try await next()
                return (part, rest?.onError(report))
            } catch {
                report(error)
                throw error
            }
        }
    }
}

import HTTPTypes
import Identity
import JSON
import Logging

/// The endpoints `/health` and `/health/ready`.
///
/// `/health` reports that the process is running. `/health/ready` reports whether the store can be
/// read and written.
struct HealthEndpoint: Sendable {
    let environment: String
    /// Throws if the store cannot be read or written.
    let check: @Sendable () async throws -> Void
    let logger: Logger

    func report(_ context: RequestContext) async throws -> Response {
        report("API is running", at: context.now)
    }

    func reportReadiness(_ context: RequestContext) async throws -> Response {
        do {
            try await check()
        } catch {
            logger.error(
                "the server is not ready: the check of its database failed",
                metadata: ["error": "\(error)"])
            throw APIError.notReady
        }
        return report("API is ready", at: context.now)
    }

    private func report(_ message: StaticString, at now: Timestamp) -> Response {
        var json = JSONWriter(capacity: 128)
        json.append(#"{"success":true,"message":""#)
        json.append(message)
        json.append(#"","timestamp":"#)
        json.append(string: now.iso8601)
        json.append(#","environment":"#)
        json.append(string: environment)
        json.append("}")
        return Response(.ok, json)
    }
}

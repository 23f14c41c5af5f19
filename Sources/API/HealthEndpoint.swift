import HTTPTypes
import Identity
import JSON
import Logging

/// `/health`: whether the process answers at all; `/health/ready`: whether it can do its work.
struct HealthEndpoint: Sendable {
    let environment: String
    /// Throws where the store cannot be read or written.
    let check: @Sendable () async throws -> Void
    let logger: Logger

    func report(_ call: Call) async throws -> Answer { report("API is running", at: call.now) }

    func reportReadiness(_ call: Call) async throws -> Answer {
        do {
            try await check()
        } catch {
            logger.error("not ready", metadata: ["error": "\(error)"])
            throw Problem.notReady
        }
        return report("API is ready", at: call.now)
    }

    private func report(_ message: StaticString, at now: Timestamp) -> Answer {
        var json = JSONWriter(capacity: 128)
        json.append(#"{"success":true,"message":""#)
        json.append(message)
        json.append(#"","timestamp":"#)
        json.append(string: now.iso8601)
        json.append(#","environment":"#)
        json.append(string: environment)
        json.append("}")
        return Answer(.ok, json)
    }
}

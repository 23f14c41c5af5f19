import HTTPTypes
import JSON

/// `/health`: whether the process answers at all.
struct HealthEndpoint: Sendable {
    let environment: String

    func report(_ call: Call) async throws -> Answer {
        var json = JSONWriter(capacity: 128)
        json.append(#"{"success":true,"message":"API is running","timestamp":"#)
        json.append(string: call.now.iso8601)
        json.append(#","environment":"#)
        json.append(string: environment)
        json.append("}")
        return Answer(.ok, json)
    }
}

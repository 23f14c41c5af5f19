import HTTPTypes
import JSON

/// A response of the service.
struct Reply: Equatable {
    let status: Int
    let text: String
    let fields: HTTPFields

    /// The tokens in the body; empty if it has none.
    var tokens: (access: String, refresh: String) {
        get throws {
            let object = try JSONObject(Array(text.utf8).span)
            return (object["accessToken"]?.string ?? "", object["refreshToken"]?.string ?? "")
        }
    }

    /// The body that the contract defines for an error.
    static func error(_ status: Int, _ message: String) -> String {
        #"{"statusCode":\#(status),"message":"\#(message)"}"#
    }
}

import ContentCoding
import FastCGI
import HTTPTypes
import JSON

/// The body of a request, parsed into named values.
///
/// Bodies are read as Express 5.1 reads them with `express.json` and
/// `express.urlencoded({ extended: true })`, both with a limit of 16 KiB.
enum RequestBody: Equatable {
    /// The body is an object with these members, in JavaScript's order.
    case fields([Field])
    /// The body is a JSON array.
    case notAnObject

    /// A member of an object, whose name occurs only once in the object.
    struct Field: Equatable {
        let name: String
        var value: Value
    }

    /// The value of a member.
    enum Value: Equatable {
        case string(String)
        case bool(Bool)
        /// Any other value, and whether it is truthy in JavaScript.
        ///
        /// Null and zero are not truthy. Where a handler of the Express backend tested
        /// `if (!value)`, they count as missing.
        case other(isTruthy: Bool)
    }

    /// The maximum length of a body in bytes, both as sent and after its content coding is removed.
    static let limit = 16_384

    /// Parses a body according to `Content-Type` and `Content-Encoding`.
    ///
    /// A body without a type, or of an unsupported type, counts as an empty object. So does an
    /// empty body, whatever its header fields say.
    init(
        _ bytes: [UInt8], contentType: String?, contentEncoding: String?
    ) throws(APIError) {
        guard !bytes.isEmpty, let type = contentType.flatMap(MediaType.init),
            let format = Format(rawValue: type.name)
        else {
            guard bytes.count <= Self.limit else { throw .bodyTooLarge }
            self = .fields([])
            return
        }
        guard let charset = format.charset(type.charset),
            let coding = Self.coding(contentEncoding)
        else {
            throw .unsupportedBody
        }
        guard bytes.count <= Self.limit else { throw .bodyTooLarge }
        let content = coding == .identity ? bytes : try Self.decoded(bytes, coding)
        switch format {
        case .json: self = try Self.json(charset.utf8(content))
        case .form: self = .fields(try Form(content, charset).fields)
        }
    }

    /// Reads the body of a request.
    ///
    /// - Throws: `APIError.malformedBody`, `bodyTooLarge` or `unsupportedBody`.
    init(of request: FastCGIRequest) throws(APIError) {
        // Most requests have no body. For these, do not read the two header fields below.
        guard !request.body.isEmpty else {
            self = .fields([])
            return
        }
        try self.init(
            request.body, contentType: request[.contentType],
            contentEncoding: request[.contentEncoding])
    }

    /// True if the body has the media type of an HTML form.
    static func isForm(_ request: FastCGIRequest) -> Bool {
        request[.contentType].flatMap(MediaType.init)?.name == Format.form.rawValue
    }

    /// The value of the member with this name.
    subscript(name: String) -> Value? {
        guard case .fields(let fields) = self else { return nil }
        return fields.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The supported media types, which must match exactly; `application/problem+json` does not
    /// match.
    private enum Format: String {
        case json = "application/json"
        case form = "application/x-www-form-urlencoded"

        func charset(_ name: String?) -> Charset? {
            guard let name else { return .utf8 }
            guard name.isASCII else { return nil }
            return switch self {
            case .json: Charset(unicode: name)
            case .form: Charset(form: name)
            }
        }
    }

    /// The coding that `Content-Encoding` names; `nil` if it is unsupported or a list of codings.
    private static func coding(_ contentEncoding: String?) -> Coding? {
        guard let contentEncoding, !contentEncoding.isEmpty else { return .identity }
        guard contentEncoding.isASCII else { return nil }
        return Coding(rawValue: contentEncoding.lowercased())
    }

    private static func decoded(_ bytes: [UInt8], _ coding: Coding) throws(APIError) -> [UInt8] {
        do {
            return try coding.decode(bytes, limit: limit)
        } catch {
            switch error {
            case .malformed: throw .malformedBody
            case .tooLarge: throw .bodyTooLarge
            }
        }
    }

    private static func json(_ text: [UInt8]) throws(APIError) -> RequestBody {
        guard !text.isEmpty else { return .fields([]) }
        do {
            let object = try JSONObject(text.span)
            return .fields(object.members.map(Field.init).inOrderOfJavaScript())
        } catch {
            switch error {
            case .array: return .notAnObject
            // Express parses JSON in strict mode, which accepts only objects and arrays.
            case .scalar, .malformed: throw .malformedBody
            }
        }
    }
}

extension RequestBody.Field {
    fileprivate init(_ member: JSONObject.Member) {
        name = member.name
        value =
            switch member.value {
            case .string(let string): .string(string)
            case .null: .other(isTruthy: false)
            case .bool(let bool): .bool(bool)
            case .number(let number): .other(isTruthy: number.double != 0)
            case .array, .object: .other(isTruthy: true)
            }
    }

    /// The name as a number if it is an array index in ECMAScript; otherwise `nil`.
    ///
    /// An array index is an integer from 0 to 2^32-2 without leading zeros.
    fileprivate var arrayIndex: UInt32? {
        guard let first = name.utf8.first, first &- UInt8(ascii: "0") < 10,
            first != UInt8(ascii: "0") || name.utf8.count == 1,
            let index = UInt32(name), index < .max
        else { return nil }
        return index
    }
}

extension [RequestBody.Field] {
    /// The fields in the order in which JavaScript lists the keys of an object.
    ///
    /// Array indices come first, in numerical order. The order is visible in the error that lists
    /// unknown keys.
    func inOrderOfJavaScript() -> Self {
        let indices = filter { $0.arrayIndex != nil }
        guard !indices.isEmpty else { return self }
        return indices.sorted { ($0.arrayIndex ?? 0) < ($1.arrayIndex ?? 0) }
            + filter { $0.arrayIndex == nil }
    }
}

extension String {
    /// True if the string is ASCII, so that it can be compared with `==` quickly.
    ///
    /// Otherwise the comparison takes quadratic time for many combining marks.
    fileprivate var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}

import ContentCoding
import FastCGI
import HTTPTypes
import JSON

/// A request's body as the rules see it: named values, of which only strings and booleans matter.
///
/// It reads what Express 5.1 handed to its validation, with `express.json` and
/// `express.urlencoded({ extended: true })` at 16 KiB.
enum RequestBody: Equatable {
    /// The members of an object, in the order in which JavaScript lists them.
    case fields([Field])
    /// A JSON array.
    case notAnObject

    /// A member: no name occurs twice.
    struct Field: Equatable {
        let name: String
        var value: Value
    }

    /// What a member holds.
    enum Value: Equatable {
        case string(String)
        case bool(Bool)
        /// Anything else; null, false and zero are not truthy, and pass for "not given" where a
        /// handler of the Express backend asked `if (!value)`.
        case other(isTruthy: Bool)
    }

    /// The longest body in bytes, as sent and after the content coding is undone.
    static let limit = 16_384

    /// Reads a body by the two header fields that describe it.
    ///
    /// A body without a type, or of a type that is not read here, is an empty object, and so is an
    /// empty body whatever its header fields say.
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
        let content = try Self.decoded(bytes, coding)
        switch format {
        case .json: self = try Self.json(charset.utf8(content))
        case .form: self = .fields(try Form(content, charset).fields)
        }
    }

    /// Reads the body of a request.
    ///
    /// - Throws: `APIError.malformedBody`, `bodyTooLarge` or `unsupportedBody`.
    init(of request: FastCGIRequest) throws(APIError) {
        // Most requests have none: then the header fields need not be looked for.
        guard !request.body.isEmpty else {
            self = .fields([])
            return
        }
        try self.init(
            request.body, contentType: request[.contentType],
            contentEncoding: request[.contentEncoding])
    }

    /// The value of a field; `nil` when there is none of that name.
    subscript(name: String) -> Value? {
        guard case .fields(let fields) = self else { return nil }
        return fields.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The types that are read; an exact match, so no `application/problem+json`.
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

    /// The coding; only one, a list of them is not supported.
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
            // Express reads JSON strictly: only objects and arrays.
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

    /// The number, if the name is an array index of ECMAScript: 0 to 2^32-2 without leading zeros.
    fileprivate var arrayIndex: UInt32? {
        guard let first = name.utf8.first, first &- UInt8(ascii: "0") < 10,
            first != UInt8(ascii: "0") || name.utf8.count == 1,
            let index = UInt32(name), index < .max
        else { return nil }
        return index
    }
}

extension [RequestBody.Field] {
    /// The fields as JavaScript lists an object's keys: array indices first, by their number.
    ///
    /// It shows in which unknown key a refusal names first.
    func inOrderOfJavaScript() -> Self {
        let indices = filter { $0.arrayIndex != nil }
        guard !indices.isEmpty else { return self }
        return indices.sorted { ($0.arrayIndex ?? 0) < ($1.arrayIndex ?? 0) }
            + filter { $0.arrayIndex == nil }
    }
}

extension String {
    /// Whether the text may be compared by `==`, which for other text takes a time quadratic in a
    /// run of combining marks.
    fileprivate var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}

/// A parser of a JSON text; `position` is the index of the next byte to read.
///
/// The text is passed to each function, because a struct that stores a span needs lifetime
/// annotations that the language does not have yet.
struct JSONReader {
    var position = 0

    mutating func readObject(_ text: Span<UInt8>) throws(JSONError) -> JSONObject {
        guard peekPastBlanks(text) == .openBrace else {
            let value = try readValue(text)
            try expectEnd(text)
            throw value == .array ? .array : .scalar
        }
        position += 1
        var object = JSONObject()
        if peekPastBlanks(text) != .closeBrace {
            var isMore = true
            while isMore {
                let name = try readName(text)
                object.set(name, to: try readValue(text))
                isMore = peekPastBlanks(text) == .comma
                position += isMore ? 1 : 0
            }
        }
        try expect(.closeBrace, text)
        try expectEnd(text)
        return object
    }

    private mutating func readName(_ text: Span<UInt8>) throws(JSONError) -> String {
        skipBlanks(text)
        let name = try readString(text)
        try expect(.colon, text)
        return name
    }

    /// Reads a value.
    ///
    /// Arrays and objects are validated, and their contents are dropped.
    private mutating func readValue(_ text: Span<UInt8>) throws(JSONError) -> JSONValue {
        switch peekPastBlanks(text) {
        case .quote:
            return .string(try readString(text))
        case .openBrace:
            try skipNested(text)
            return .object
        case .openBracket:
            try skipNested(text)
            return .array
        case UInt8(ascii: "t"):
            try skipWord("true", text)
            return .bool(true)
        case UInt8(ascii: "f"):
            try skipWord("false", text)
            return .bool(false)
        case UInt8(ascii: "n"):
            try skipWord("null", text)
            return .null
        default:
            return .number(try readNumber(text))
        }
    }

    /// Validates an array or object and everything in it.
    ///
    /// The function is not recursive, because the nesting depth is limited only by the length of
    /// the text. It keeps the expected closing brackets in an array, so nesting uses no stack.
    private mutating func skipNested(_ text: Span<UInt8>) throws(JSONError) {
        var closers: [UInt8] = []
        var isFirst = true
        repeat {
            if let closer = closers.last {
                if peekPastBlanks(text) == closer {
                    position += 1
                    closers.removeLast()
                    isFirst = false
                    continue
                }
                if !isFirst {
                    try expect(.comma, text)
                }
                if closer == .closeBrace {
                    skipBlanks(text)
                    try skipString(text)
                    try expect(.colon, text)
                }
            }
            isFirst = false
            switch peekPastBlanks(text) {
            case .openBrace:
                position += 1
                closers.append(.closeBrace)
                isFirst = true
            case .openBracket:
                position += 1
                closers.append(.closeBracket)
                isFirst = true
            case .quote:
                try skipString(text)
            case UInt8(ascii: "t"):
                try skipWord("true", text)
            case UInt8(ascii: "f"):
                try skipWord("false", text)
            case UInt8(ascii: "n"):
                try skipWord("null", text)
            default:
                _ = try skipNumber(text)
            }
        } while !closers.isEmpty
    }
}

// These functions read single bytes, white space and literals.
extension JSONReader {
    func peek(_ text: Span<UInt8>) -> UInt8? {
        position < text.count ? text[position] : nil
    }

    mutating func skipBlanks(_ text: Span<UInt8>) {
        while position < text.count {
            switch text[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    mutating func peekPastBlanks(_ text: Span<UInt8>) -> UInt8? {
        skipBlanks(text)
        return peek(text)
    }

    mutating func expect(_ byte: UInt8, _ text: Span<UInt8>) throws(JSONError) {
        guard peekPastBlanks(text) == byte else { throw .malformed }
        position += 1
    }

    mutating func expectEnd(_ text: Span<UInt8>) throws(JSONError) {
        guard peekPastBlanks(text) == nil else { throw .malformed }
    }

    mutating func skipWord(_ word: String, _ text: Span<UInt8>) throws(JSONError) {
        for byte in word.utf8 {
            guard peek(text) == byte else { throw .malformed }
            position += 1
        }
    }
}

extension UInt8 {
    static let openBrace = UInt8(ascii: "{")
    static let closeBrace = UInt8(ascii: "}")
    static let openBracket = UInt8(ascii: "[")
    static let closeBracket = UInt8(ascii: "]")
    static let colon = UInt8(ascii: ":")
    static let comma = UInt8(ascii: ",")
    static let quote = UInt8(ascii: "\"")
    static let backslash = UInt8(ascii: "\\")
}

import Glibc
import JSON

/// The claims of an access token or a refresh token: account, session, generation and lifetime.
///
/// A token is read exactly as it was written. These claims always come first, in the same order and
/// form, and only `username` and `role`, which are for the client, follow them. A token in another
/// form was not issued by Gatehouse, even if its signature is valid.
struct Claims: Equatable {
    let accountID: Account.ID
    let sessionID: Session.ID
    let generation: Int64
    /// When the token was issued, in seconds since 1970 (RFC 7519, section 4.1.6).
    let issuedAt: Int64
    /// When the token expires, in seconds since 1970 (RFC 7519, section 4.1.4).
    let expiresAt: Int64

    init(of session: Session, from issuedAt: Int64, to expiresAt: Int64) {
        accountID = session.accountID
        sessionID = session.id
        generation = session.family.generation
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }

    /// Whether the token has not expired.
    ///
    /// There is no leeway, because the token is issued and checked with the same clock.
    func areCurrent(at now: Timestamp) -> Bool { now.seconds < expiresAt }

    /// Writes these claims as the beginning of a JSON object.
    ///
    /// The caller may add further members and must close the object.
    func write(to json: inout JSONWriter) {
        json.append(#"{"sub":""#)
        json.append(number: accountID)
        json.append(#"","sid":""#)
        json.append(number: sessionID)
        json.append(#"","gen":"#)
        json.append(number: generation)
        json.append(#","iat":"#)
        json.append(number: issuedAt)
        json.append(#","exp":"#)
        json.append(number: expiresAt)
    }

    /// Parses claims in the form that `write` produces; `nil` for any other form.
    init?(_ json: Span<UInt8>) {
        var position = 0
        guard json.skip(#"{"sub":""#, at: &position), let account = json.number(at: &position),
            json.skip(#"","sid":""#, at: &position), let session = json.number(at: &position),
            json.skip(#"","gen":"#, at: &position), let generation = json.number(at: &position),
            json.skip(#","iat":"#, at: &position), let issuedAt = json.number(at: &position),
            json.skip(#","exp":"#, at: &position), let expiresAt = json.number(at: &position),
            json.skip(#","username":"#, at: &position), json.skipString(at: &position),
            json.skipRoleAndEnd(at: &position)
        else { return nil }
        accountID = account
        sessionID = session
        self.generation = generation
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
    }
}

extension Span<UInt8> {
    fileprivate func skip(_ literal: StaticString, at position: inout Int) -> Bool {
        let length = literal.utf8CodeUnitCount
        guard position + length <= count else { return false }
        let isThere = withUnsafeBytes { bytes in
            bytes.baseAddress.map { memcmp($0 + position, literal.utf8Start, length) == 0 } == true
        }
        position += length
        return isThere
    }

    /// Skips a JSON string.
    fileprivate func skipString(at position: inout Int) -> Bool {
        guard skip("\"", at: &position) else { return false }
        while position < count {
            switch self[position] {
            case UInt8(ascii: "\""):
                position += 1
                return true
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return false
    }

    /// Skips the role, which only access tokens have, and the end of the object; false if anything
    /// else follows.
    ///
    /// Since nothing else may follow, a later member can neither repeat a claim (RFC 7519, section
    /// 4) nor restrict the token, as `nbf` would (section 4.1.5).
    fileprivate func skipRoleAndEnd(at position: inout Int) -> Bool {
        guard position < count else { return false }
        if self[position] == UInt8(ascii: ",") {
            guard skip(#","role":"#, at: &position), skipString(at: &position) else { return false }
        }
        return skip("}", at: &position) && position == count
    }

    /// Parses a decimal number; `nil` if there are no digits or the number overflows.
    fileprivate func number(at position: inout Int) -> Int64? {
        let start = position
        var number: Int64 = 0
        while position < count, case let digit = self[position] &- UInt8(ascii: "0"), digit < 10 {
            let (tens, isTooBig) = number.multipliedReportingOverflow(by: 10)
            let (sum, isStillTooBig) = tens.addingReportingOverflow(Int64(digit))
            guard !isTooBig, !isStillTooBig else { return nil }
            number = sum
            position += 1
        }
        return position > start ? number : nil
    }
}

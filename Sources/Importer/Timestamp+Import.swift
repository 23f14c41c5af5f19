import Glibc
import Identity
import Settings

extension Timestamp {
    /// Parses a date and time as SQL Server writes it; in UTC if it has no offset.
    ///
    /// The date `2024-01-31` may be followed by `T` or a blank and a time, `12:00` or `12:00:00`
    /// with up to nine decimals; and that by `Z` or an offset such as `+02:00`, after an optional
    /// blank.
    init?(exported text: String) {
        var rest = text.utf8[...]
        var parts = tm()
        guard let year = rest.number(4), rest.consume("-"), let month = rest.number(2),
            rest.consume("-"), let day = rest.number(2), year >= 1970
        else { return nil }
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, month - 1, day)
        var milliseconds: Int64 = 0
        var offset: Int64 = 0
        if rest.consume("T") || rest.consume(" ") {
            guard let hour = rest.number(2), rest.consume(":"), let minute = rest.number(2),
                let second = rest.consume(":") ? rest.number(2) : 0,
                let fraction = rest.consume(".") ? rest.fraction() : 0, let zone = rest.offset(),
                hour < 24, minute < 60, second < 60
            else { return nil }
            (parts.tm_hour, parts.tm_min, parts.tm_sec) = (hour, minute, second)
            (milliseconds, offset) = (fraction, zone)
        }
        // timegm(3) turns a day that does not exist, such as February 30, into another one.
        let seconds = Int64(timegm(&parts))
        guard rest.isEmpty, (parts.tm_mon, parts.tm_mday) == (month - 1, day) else { return nil }
        self.init(milliseconds: (seconds - offset * 60) * 1000 + milliseconds)
    }
}

extension Substring.UTF8View {
    fileprivate mutating func consume(_ character: Unicode.Scalar) -> Bool {
        guard let first, Unicode.Scalar(first) == character else { return false }
        removeFirst()
        return true
    }

    /// Consumes exactly `count` digits.
    fileprivate mutating func number(_ count: Int) -> Int32? {
        guard let number = Int32(wholeNumber: Substring(prefix(count))),
            prefix(count).count == count
        else { return nil }
        removeFirst(count)
        return number
    }

    /// Consumes the one to nine digits of a fraction; returns milliseconds.
    fileprivate mutating func fraction() -> Int64? {
        let digits = prefix { (0x30...0x39).contains($0) }
        guard 1...9 ~= digits.count else { return nil }
        removeFirst(digits.count)
        return Int64("\(Substring(digits))00".prefix(3))
    }

    /// Consumes an optional offset from UTC; returns minutes.
    fileprivate mutating func offset() -> Int64? {
        if isEmpty { return 0 }
        _ = consume(" ")
        if consume("Z") { return 0 }
        let isWest = consume("-")
        guard isWest || consume("+"), let hours = number(2), consume(":"), let minutes = number(2),
            hours < 24, minutes < 60
        else { return nil }
        return Int64(hours * 60 + minutes) * (isWest ? -1 : 1)
    }
}

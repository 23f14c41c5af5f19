import Glibc
import Identity
import Settings

extension Timestamp {
    /// Parses a date with an optional time, in the formats that SQL Server writes.
    ///
    /// A date such as `2024-01-31` may be followed by `T` or a space and a time such as `12:00`,
    /// `12:00:00` or `12:00:00.123`, with up to nine decimals. A time may be followed by an
    /// optional space and by `Z` or an offset such as `+02:00`. A time without an offset is in UTC.
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
        // timegm(3) changes a day that does not exist, such as February 30, into another day. The
        // guard below detects such a change.
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

    /// Consumes exactly `count` digits and returns their value; `nil` if there are fewer.
    fileprivate mutating func number(_ count: Int) -> Int32? {
        guard let number = Int32(wholeNumber: Substring(prefix(count))),
            prefix(count).count == count
        else { return nil }
        removeFirst(count)
        return number
    }

    /// Consumes the one to nine digits of a fraction of a second and returns milliseconds.
    fileprivate mutating func fraction() -> Int64? {
        let digits = prefix { (0x30...0x39).contains($0) }
        guard 1...9 ~= digits.count else { return nil }
        removeFirst(digits.count)
        return Int64("\(Substring(digits))00".prefix(3))
    }

    /// Consumes an optional offset from UTC and returns it in minutes.
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

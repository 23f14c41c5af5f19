import Glibc
import Identity
import Settings

extension Timestamp {
    /// Reads a date and time as SQL Server writes them, in UTC where no offset is said.
    ///
    /// `2024-01-31`, and behind it, after `T` or a blank, `12:00`, `12:00:00` or more digits of a
    /// second; and behind that, with or without a blank, `Z` or an offset such as `+02:00`.
    init?(exported text: String) {
        var rest = text.utf8[...]
        var parts = tm()
        guard let year = rest.number(4), rest.take("-"), let month = rest.number(2),
            rest.take("-"), let day = rest.number(2), year >= 1970
        else { return nil }
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, month - 1, day)
        var milliseconds: Int64 = 0
        var offset: Int64 = 0
        if rest.take("T") || rest.take(" ") {
            guard let hour = rest.number(2), rest.take(":"), let minute = rest.number(2),
                let second = rest.take(":") ? rest.number(2) : 0,
                let fraction = rest.take(".") ? rest.fraction() : 0, let zone = rest.offset(),
                hour < 24, minute < 60, second < 60
            else { return nil }
            (parts.tm_hour, parts.tm_min, parts.tm_sec) = (hour, minute, second)
            (milliseconds, offset) = (fraction, zone)
        }
        // timegm(3) makes another day of one that is not there.
        let seconds = Int64(timegm(&parts))
        guard rest.isEmpty, (parts.tm_mon, parts.tm_mday) == (month - 1, day) else { return nil }
        self.init(milliseconds: (seconds - offset * 60) * 1000 + milliseconds)
    }
}

extension Substring.UTF8View {
    fileprivate mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let first, Unicode.Scalar(first) == character else { return false }
        removeFirst()
        return true
    }

    /// Takes exactly so many digits.
    fileprivate mutating func number(_ count: Int) -> Int32? {
        guard let number = Int32(wholeNumber: Substring(prefix(count))),
            prefix(count).count == count
        else { return nil }
        removeFirst(count)
        return number
    }

    /// Takes one to nine digits behind the point, as milliseconds.
    fileprivate mutating func fraction() -> Int64? {
        let digits = prefix { (0x30...0x39).contains($0) }
        guard 1...9 ~= digits.count else { return nil }
        removeFirst(digits.count)
        return Int64("\(Substring(digits))00".prefix(3))
    }

    /// Takes an offset from UTC in minutes, or none.
    fileprivate mutating func offset() -> Int64? {
        if isEmpty { return 0 }
        _ = take(" ")
        if take("Z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = number(2), take(":"), let minutes = number(2),
            hours < 24, minutes < 60
        else { return nil }
        return Int64(hours * 60 + minutes) * (isWest ? -1 : 1)
    }
}

/// Describes a trace in words, with generations as numbers.
struct Narration {
    private var newest = 0
    private var previous = -1

    /// Returns a line for each move; consecutive ticks share one.
    static func lines(of trace: [(Move, World)]) -> [String] {
        var narration = Narration()
        var lines: [String] = []
        var ticks = 0
        for (move, _) in trace {
            if move == .tick {
                ticks += 1
                continue
            }
            if ticks > 0 { lines.append(ticks == 1 ? "a tick passes" : "\(ticks) ticks pass") }
            ticks = 0
            lines.append(narration.describe(move))
        }
        return lines
    }

    private mutating func describe(_ move: Move) -> String {
        switch move {
        case .tick: "a tick passes"
        case .send(let position): "a tab sends refresh token \(number(position))"
        case .handle(let position, let decision): "the server \(describe(decision, to: position))"
        case .land(let position): "the answer with \(number(position)) lands in the jar"
        case .lose(.request, let position): "the request with \(number(position)) is lost"
        case .lose(_, let position): "the answer with \(number(position)) is lost"
        case .use(let position, let decision):
            "the owner uses an access token of \(number(position)): \(decision)"
        case .logOut(let clearsJar):
            "a tab logs out" + (clearsJar ? "" : ", and the answer that clears the jar is lost")
        case .restart: "the server restarts"
        case .changeKey: "the signing key is changed"
        case .setClock(let step): "the clock is set \(abs(step)) \(step < 0 ? "back" : "forward")"
        case .copy(let position): "a thief copies the jar, with \(number(position))"
        case .stealRefresh(let position, let isStrict, let decision):
            "the thief presents \(number(position))\(isStrict ? " as a script" : ""); the server "
                + describe(decision, to: position)
        case .stealUse(let position, let decision):
            "the thief uses an access token of \(number(position)): \(decision)"
        }
    }

    private mutating func describe(_ decision: Decision, to position: TokenPosition) -> String {
        let presented = number(position)
        switch decision {
        case .rotated:
            previous = newest
            newest += 1
            return "hands out \(newest) for \(presented)"
        case .replaced:
            newest += 1
            return "hands out \(newest) for \(presented), and gives up \(newest - 1)"
        case .reissued: return "hands out \(newest) again, for \(presented)"
        case .accessTokenOnly: return "leaves \(newest) as it is, and hands out an access token"
        case .accepted: return "accepts \(presented)"
        case .refused: return "refuses \(presented) and ends the session"
        case .forked: return "hands out a new branch for \(presented)"
        }
    }

    private func number(_ position: TokenPosition) -> String {
        switch position {
        case .newest: "\(newest)"
        case .sibling: newest - previous == 2 ? "\(previous + 1)" : "one of those given up"
        case .previous: "\(previous)"
        case .older: previous == 1 ? "0" : "one older than \(previous)"
        case .fork: "a branch"
        }
    }
}

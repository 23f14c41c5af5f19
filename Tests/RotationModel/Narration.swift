/// Tells a trace in words, with the generations as numbers again.
struct Narration {
    private var newest = 0
    private var parent = -1

    /// A line for each move; ticks that follow each other share one.
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
            lines.append(narration.tell(move))
        }
        return lines
    }

    private mutating func tell(_ move: Move) -> String {
        switch move {
        case .tick: "a tick passes"
        case .send(let standing): "a tab sends refresh token \(number(standing))"
        case .handle(let standing, let answer): "the server \(tell(answer, to: standing))"
        case .land(let standing): "the answer with \(number(standing)) lands in the jar"
        case .lose(.request, let standing): "the request with \(number(standing)) is lost"
        case .lose(_, let standing): "the answer with \(number(standing)) is lost"
        case .use(let standing, let answer):
            "the owner uses an access token of \(number(standing)): \(answer)"
        case .logOut(let clearsJar):
            "a tab logs out" + (clearsJar ? "" : ", and the answer that clears the jar is lost")
        case .restart: "the server restarts"
        case .changeKey: "the signing key is changed"
        case .setClock(let step): "the clock is set \(abs(step)) \(step < 0 ? "back" : "forward")"
        case .copy(let standing): "a thief copies the jar, with \(number(standing))"
        case .stealRefresh(let standing, let isStrict, let answer):
            "the thief presents \(number(standing))\(isStrict ? " as a script" : ""); the server "
                + tell(answer, to: standing)
        case .stealUse(let standing, let answer):
            "the thief uses an access token of \(number(standing)): \(answer)"
        }
    }

    private mutating func tell(_ answer: Answer, to standing: Standing) -> String {
        let presented = number(standing)
        switch answer {
        case .rotated:
            parent = newest
            newest += 1
            return "hands out \(newest) for \(presented)"
        case .replaced:
            newest += 1
            return "hands out \(newest) for \(presented), and gives up \(newest - 1)"
        case .again: return "hands out \(newest) again, for \(presented)"
        case .kept: return "leaves \(newest) as it is, and hands out an access token"
        case .accepted: return "accepts \(presented)"
        case .refused: return "refuses \(presented) and ends the session"
        case .forked: return "hands out a new branch for \(presented)"
        }
    }

    private func number(_ standing: Standing) -> String {
        switch standing {
        case .newest: "\(newest)"
        case .sibling: newest - parent == 2 ? "\(parent + 1)" : "one of those given up"
        case .parent: "\(parent)"
        case .older: parent == 1 ? "0" : "one older than \(parent)"
        case .fork: "a branch"
        }
    }
}

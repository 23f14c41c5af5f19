import Glibc
import Identity
import RotationModel
import SplitMix
import Testing

/// Ties the rule that ships to the one that `make model` has looked at.
struct RotationModelTests {
    /// `GATEHOUSE_TEST_SEED` repeats a run.
    @Test func `the rule in code and the rule in the model always agree`() {
        let seed =
            getenv("GATEHOUSE_TEST_SEED").flatMap { UInt64(String(cString: $0)) }
            ?? .random(in: .min ... .max)
        print("seed", seed)
        var random = SplitMix(state: seed)
        var lives = [0, 1, 3, 50, 10_000].flatMap { window in
            (0..<3).map { _ in Life(window: window, at: 1_000_000) }
        }
        var met: [String: Int] = [:]

        for step in 1...1_000_000 {
            let index = Int.random(in: lives.indices, using: &random)
            lives[index].pass(lives[index].time(using: &random))
            let presented = lives[index].presentation(using: &random)
            let before = lives[index]
            let answer = lives[index].present(presented)
            met[presented.kind + ", " + answer.model.rawValue, default: 0] += 1

            guard answer.code == answer.model, lives[index].isTied else {
                Issue.record(
                    """
                    seed \(seed), step \(step): \(presented) to \(before)
                    gives \(answer) and \(lives[index])
                    """)
                return
            }
            if !lives[index].model.isLive {
                lives[index] = Life(window: before.window, at: before.now)
            }
        }

        #expect(met.count == 18, "an answer that is possible was never met")
        for (line, count) in met { #expect(count >= 1000, "\(line): only \(count) times") }
    }
}

/// What both rules can be asked, the generation as a number.
private enum Presented {
    case browser(Int64, RotationModel.Standing)
    case program(Int64, RotationModel.Standing, key: UInt8?)
    case access(Int64, RotationModel.Standing)

    var kind: String {
        switch self {
        case .browser(_, let standing): "browser, \(standing)"
        case .program(_, let standing, key: _): "program, \(standing)"
        case .access(_, let standing): "access, \(standing)"
        }
    }
}

/// What either rule has said, in the words of both.
private enum Said: String {
    case rotated, repeated, accepted, refused

    init(_ rotation: Rotation) {
        switch rotation {
        case .rotated: self = .rotated
        case .repeated: self = .repeated
        case .refused: self = .refused
        }
    }

    init(_ answer: Answer) {
        switch answer {
        case .rotated, .replaced, .forked: self = .rotated
        case .again, .kept: self = .repeated
        case .accepted: self = .accepted
        case .refused: self = .refused
        }
    }
}

/// A session, as the code has it and as the model has it.
private struct Life {
    let window: Int
    private(set) var now: Int
    private(set) var code: RefreshTokenFamily
    private(set) var model = Chain()
    /// The model has no numbers, so they are counted here, by its answers alone.
    private var newest: Int64 = 0
    private var exchanged: Int64 = -1
    private var rotatedAt: Int

    init(window: Int, at now: Int) {
        self.window = window
        self.now = now
        code = RefreshTokenFamily(startedAt: Timestamp(milliseconds: Int64(now)))
        rotatedAt = now
    }

    /// Whether the code's state is the model's; the code has none for a session that has ended.
    var isTied: Bool {
        guard model.isLive else { return true }
        return code.generation == newest
            && code.previousGeneration == (model.hasParent ? exchanged : newest)
            && code.rotatedAt.milliseconds == rotatedAt
            && code.lastIssuedAt.milliseconds == now - model.handed
            && code.firstUsedAt?.milliseconds == model.confirmed.map { Int64(now - $0) }
            && code.retryKey == model.key.map(Int64.init)
    }

    mutating func pass(_ time: Int) {
        now += time
        model = model.aged(by: time)
    }

    mutating func present(_ presented: Presented) -> (code: Said, model: Said) {
        let rule = Rule(window: window)
        let answer: Answer
        let said: Said
        let moment = Timestamp(milliseconds: Int64(now))
        switch presented {
        case .browser(let generation, let standing):
            (answer, model) = rule.step(model, .refresh(standing))
            said = Said(code.present(generation, window: Int64(window), at: moment))
        case .program(let generation, let standing, let key):
            (answer, model) = rule.step(model, .strictRefresh(standing, key: key))
            said = Said(
                code.presentOnce(
                    generation, retryKey: key.map(Int64.init), window: Int64(window), at: moment))
        case .access(let generation, let standing):
            (answer, model) = rule.step(model, .access(standing))
            said =
                code.use(generation, window: Int64(window), at: moment) ? .accepted : .refused
        }
        if answer == .rotated || answer == .replaced {
            if answer == .rotated { exchanged = newest }
            newest += 1
            rotatedAt = now
        }
        return (said, Said(answer))
    }

    // MARK: What happens next

    /// Often to about a window after a hand-out or a confirmation, or before one, for the clock may
    /// be set back.
    func time(using random: inout SplitMix) -> Int {
        let near = Int.random(in: -1...1, using: &random)
        let side = Int.random(in: 0..<8, using: &random) == 0 ? -1 : 1
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return side * window + near - model.handed
        case 1: return side * window + near - (model.confirmed ?? model.handed)
        case 2: return Int.random(in: 0...3 * window + 2, using: &random)
        case 3: return -Int.random(in: 0...window, using: &random)
        case 4: return side * Int.random(in: 0...86_400_000, using: &random)
        case 5: return near
        default: return 0
        }
    }

    /// Mostly what goes on, so that sessions grow old.
    func presentation(using random: inout SplitMix) -> Presented {
        let generation: Int64
        switch Int.random(in: 0..<20, using: &random) {
        case 0: generation = .random(in: 0...newest, using: &random)
        case 1...4: generation = max(exchanged, 0)
        case 5...6: generation = min(exchanged + 1, newest)
        case 7: generation = max(newest - 1, 0)
        default: generation = newest
        }
        let standing: RotationModel.Standing =
            generation == newest
            ? .newest
            : generation > exchanged ? .sibling : generation == exchanged ? .parent : .older
        switch Int.random(in: 0..<12, using: &random) {
        case 0...1:
            let key = UInt8.random(in: 0...2, using: &random)
            return .program(generation, standing, key: key == 0 ? nil : key)
        case 2...4: return .access(generation, standing)
        default: return .browser(generation, standing)
        }
    }
}

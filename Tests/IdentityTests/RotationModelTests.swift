import Glibc
import Identity
import RotationModel
import SplitMix
import Testing

/// Compares the rule in the code with the rule that `make model` has checked.
struct RotationModelTests {
    /// Set `GATEHOUSE_TEST_SEED` to repeat a run.
    @Test func `the rule in code and the rule in the model never differ`() {
        let seed =
            getenv("GATEHOUSE_TEST_SEED").flatMap { UInt64(String(cString: $0)) }
            ?? .random(in: .min ... .max)
        print("seed", seed)
        var random = SplitMix(state: seed)
        var sessions = [0, 1, 3, 50, 10_000].flatMap { window in
            (0..<3).map { _ in SessionPair(window: window, at: 1_000_000) }
        }
        var met: [String: Int] = [:]

        for step in 1...1_000_000 {
            let index = Int.random(in: sessions.indices, using: &random)
            sessions[index].pass(sessions[index].time(using: &random))
            let presented = sessions[index].presentation(using: &random)
            let before = sessions[index]
            let decision = sessions[index].present(presented)
            met[presented.kind + ", " + decision.model.rawValue, default: 0] += 1

            guard decision.code == decision.model, sessions[index].isConsistent else {
                Issue.record(
                    """
                    seed \(seed), step \(step): \(presented) to \(before)
                    gives \(decision) and \(sessions[index])
                    """)
                return
            }
            if !sessions[index].model.isLive {
                sessions[index] = SessionPair(window: before.window, at: before.now)
            }
        }

        #expect(met.count == 18, "a possible decision never occurred")
        for (line, count) in met { #expect(count >= 1000, "\(line): only \(count) times") }
    }
}

/// A token that is presented to both rules, with its generation as a number.
private enum Presented {
    case browser(Int64, RotationModel.TokenPosition)
    case program(Int64, RotationModel.TokenPosition, key: UInt8?)
    case access(Int64, RotationModel.TokenPosition)

    var kind: String {
        switch self {
        case .browser(_, let position): "browser, \(position)"
        case .program(_, let position, key: _): "program, \(position)"
        case .access(_, let position): "access, \(position)"
        }
    }
}

/// The decision of either rule, in terms that both have in common.
private enum CommonDecision: String {
    case rotated, repeated, accepted, refused

    init(_ rotation: Rotation) {
        switch rotation {
        case .rotated: self = .rotated
        case .repeated: self = .repeated
        case .refused: self = .refused
        }
    }

    init(_ decision: Decision) {
        switch decision {
        case .rotated, .replaced, .forked: self = .rotated
        case .reissued, .accessTokenOnly: self = .repeated
        case .accepted: self = .accepted
        case .refused: self = .refused
        }
    }
}

/// The state of a session, in the code and in the model.
private struct SessionPair {
    let window: Int
    private(set) var now: Int
    private(set) var code: RefreshTokenFamily
    private(set) var model = FamilyState()
    /// The model has no generation numbers, so they are counted here from its decisions.
    private var newest: Int64 = 0
    private var exchanged: Int64 = -1
    private var rotatedAt: Int

    init(window: Int, at now: Int) {
        self.window = window
        self.now = now
        code = RefreshTokenFamily(startedAt: Timestamp(milliseconds: Int64(now)))
        rotatedAt = now
    }

    /// Whether the states agree; the code keeps no state of a session that has ended.
    var isConsistent: Bool {
        guard model.isLive else { return true }
        return code.generation == newest
            && code.previousGeneration == (model.hasPrevious ? exchanged : newest)
            && code.rotatedAt.milliseconds == rotatedAt
            && code.lastIssuedAt.milliseconds == now - model.sinceIssued
            && code.firstUsedAt?.milliseconds == model.sinceFirstUse.map { Int64(now - $0) }
            && code.retryKey == model.key.map(Int64.init)
    }

    mutating func pass(_ time: Int) {
        now += time
        model = model.aged(by: time)
    }

    mutating func present(_ presented: Presented) -> (code: CommonDecision, model: CommonDecision) {
        let rule = Rule(window: window)
        let decision: Decision
        let codeDecision: CommonDecision
        let moment = Timestamp(milliseconds: Int64(now))
        switch presented {
        case .browser(let generation, let position):
            (decision, model) = rule.step(model, .refresh(position))
            codeDecision = CommonDecision(
                code.present(generation, window: Int64(window), at: moment))
        case .program(let generation, let position, let key):
            (decision, model) = rule.step(model, .strictRefresh(position, key: key))
            codeDecision = CommonDecision(
                code.presentOnce(
                    generation, retryKey: key.map(Int64.init), window: Int64(window), at: moment))
        case .access(let generation, let position):
            (decision, model) = rule.step(model, .access(position))
            codeDecision =
                code.use(generation, window: Int64(window), at: moment) ? .accepted : .refused
        }
        if decision == .rotated || decision == .replaced {
            if decision == .rotated { exchanged = newest }
            newest += 1
            rotatedAt = now
        }
        return (codeDecision, CommonDecision(decision))
    }

    // MARK: Random steps

    /// Returns a random time to pass.
    ///
    /// It is often close to one window after the last issue or first use, and sometimes negative,
    /// because the clock may be set back.
    func time(using random: inout SplitMix) -> Int {
        let near = Int.random(in: -1...1, using: &random)
        let side = Int.random(in: 0..<8, using: &random) == 0 ? -1 : 1
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return side * window + near - model.sinceIssued
        case 1: return side * window + near - (model.sinceFirstUse ?? model.sinceIssued)
        case 2: return Int.random(in: 0...3 * window + 2, using: &random)
        case 3: return -Int.random(in: 0...window, using: &random)
        case 4: return side * Int.random(in: 0...86_400_000, using: &random)
        case 5: return near
        default: return 0
        }
    }

    /// Returns a random token to present, mostly an acceptable one, so that sessions last long.
    func presentation(using random: inout SplitMix) -> Presented {
        let generation: Int64
        switch Int.random(in: 0..<20, using: &random) {
        case 0: generation = .random(in: 0...newest, using: &random)
        case 1...4: generation = max(exchanged, 0)
        case 5...6: generation = min(exchanged + 1, newest)
        case 7: generation = max(newest - 1, 0)
        default: generation = newest
        }
        let position: RotationModel.TokenPosition =
            generation == newest
            ? .newest
            : generation > exchanged ? .sibling : generation == exchanged ? .previous : .older
        switch Int.random(in: 0..<12, using: &random) {
        case 0...1:
            let key = UInt8.random(in: 0...2, using: &random)
            return .program(generation, position, key: key == 0 ? nil : key)
        case 2...4: return .access(generation, position)
        default: return .browser(generation, position)
        }
    }
}

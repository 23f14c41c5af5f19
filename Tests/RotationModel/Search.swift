/// A breadth-first search of all reachable states.
struct Search {
    private let moves: Moves
    private var worlds: [UInt128] = []
    private var parents: [UInt32] = []
    /// A hash table of the worlds: the index in `worlds` plus one, or 0 for an empty slot.
    private var table = [UInt32](repeating: 0, count: 1 << 16)

    init(_ settings: Settings) { moves = Moves(settings) }

    mutating func run() -> Outcome {
        let clock = ContinuousClock()
        let start = clock.now
        var outcome = Outcome()
        var world = World()
        world.normalize(moves.settings)
        insert(world.packed, from: 0)

        var index = 0
        var levelEnd = 1
        var failure: (Move, World, Property)?
        let judged = moves.settings.judged
        while index < worlds.count, failure == nil {
            if index == levelEnd {
                outcome.depth += 1
                levelEnd = worlds.count
            }
            let from = UInt32(index)
            moves.all(from: World(packed: worlds[index])) { move, next, broken in
                outcome.transitions += 1
                if failure == nil, let broken, broken == judged ?? broken {
                    failure = (move, next, broken)
                }
                insert(next.packed, from: from)
            }
            index += 1
        }
        if let (move, world, broken) = failure {
            outcome.broken = broken
            outcome.trace = trace(to: index - 1) + [(move, world)]
        }
        outcome.states = worlds.count
        outcome.seconds = (clock.now - start) / .seconds(1)
        return outcome
    }

    private func trace(to index: Int) -> [(Move, World)] {
        var trace: [(Move, World)] = []
        var index = index
        while index != 0 {
            let parent = Int(parents[index])
            var step: (Move, World)?
            moves.all(from: World(packed: worlds[parent])) { move, next, _ in
                if step == nil, next.packed == worlds[index] { step = (move, next) }
            }
            if let step { trace.append(step) }
            index = parent
        }
        return trace.reversed()
    }

    private mutating func insert(_ world: UInt128, from parent: UInt32) {
        if worlds.count * 2 > table.count { grow() }
        var slot = Self.hash(world) & (table.count - 1)
        while table[slot] != 0 {
            if worlds[Int(table[slot]) - 1] == world { return }
            slot = (slot + 1) & (table.count - 1)
        }
        worlds.append(world)
        parents.append(parent)
        table[slot] = UInt32(worlds.count)
    }

    private mutating func grow() {
        table = [UInt32](repeating: 0, count: table.count * 2)
        for (index, world) in worlds.enumerated() {
            var slot = Self.hash(world) & (table.count - 1)
            while table[slot] != 0 { slot = (slot + 1) & (table.count - 1) }
            table[slot] = UInt32(index + 1)
        }
    }

    private static func hash(_ world: UInt128) -> Int {
        var mixed =
            UInt64(truncatingIfNeeded: world) &* 0x9E37_79B9_7F4A_7C15
            ^ UInt64(truncatingIfNeeded: world >> 64) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 32)) &* 0x94D0_49BB_1331_11EB
        return Int(truncatingIfNeeded: (mixed ^ (mixed >> 29)) >> 1)
    }
}

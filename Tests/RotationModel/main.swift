func show(_ settings: Settings, verbose: Bool = false) {
    var search = Search(settings)
    let outcome = search.run()
    print(settings.name, "tabs", settings.tabs, "L", settings.flight, "W", settings.window, "D", settings.accessFlight, settings.isDense ? "dense" : "exact", settings.mutant?.rawValue ?? "", "states", outcome.states, "transitions", outcome.transitions,
        "depth", outcome.depth, "seconds", outcome.seconds, outcome.broken?.rawValue ?? "holds")
    if verbose { for (move, world) in outcome.trace { print("   ", "\(move)".replacing("RotationModel.", with: ""), "| \(world.chain)".replacing("RotationModel.", with: ""), world.jar.map { "\($0)" } ?? "-") } }
}

for d in [1, 2, 3, 4, 12] { for m in [Mutant.brief, .simple] { for tabs in [2, 3] {
show(Settings(name: "slow access", tabs: tabs, flight: 1, window: m == .simple ? 3 : 4, accessFlight: d, isDense: true, mutant: m))
show(Settings(name: "slow access", tabs: tabs, flight: 2, window: m == .simple ? 5 : 7, accessFlight: d, isDense: true, mutant: m))
}}}
for c in [1, 2, 3] { for w in [3,4,5,6] {
show(Settings(name: "clock \(c)", tabs: 3, flight: 1, window: w, accessFlight: 1, isDense: true, clockStep: c, mutant: .simple))
}}

func show(_ settings: Settings) {
    var search = Search(settings)
    let outcome = search.run()
    print(settings.name, settings.mutant?.rawValue ?? "", "states", outcome.states, "transitions", outcome.transitions,
        "depth", outcome.depth, "seconds", outcome.seconds, outcome.broken?.rawValue ?? "holds")
    for (move, world) in outcome.trace { print("   ", move, "|", world.chain, world.jar as Any) }
}
show(Settings(name: "tabs 2"))
show(Settings(name: "tabs 3", tabs: 3))

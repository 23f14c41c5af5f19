/// What can happen next.
enum Move: Equatable {
    case tick
    case send(Standing)
    case handle(Standing, Answer)
    case land(Standing)
    case lose(Tab.Phase, Standing)
    case use(Standing, Answer)
    case logOut(clearsJar: Bool)
    case restart
    case changeKey
    case setClock(Int)
    case copy(Standing)
    case stealRefresh(Standing, isStrict: Bool, Answer)
    case stealUse(Standing, Answer)
}

/// Finds all that can happen next in a world.
struct Moves {
    let settings: Settings
    private let rule: Rule

    typealias Visit = (Move, World, Property?) -> Void

    init(_ settings: Settings) {
        self.settings = settings
        rule = Rule(window: settings.window, mutant: settings.mutant)
    }

    func all(from world: World, _ visit: Visit) {
        // A session that ended with a thief about has been saved, or it is the owner's affair.
        guard world.chain.isLive || settings.logsOut else { return }
        refreshes(from: world, visit)
        uses(from: world, visit)
        incidents(from: world, visit)
        if settings.hasThief { thefts(from: world, visit) }
        guard settings.loses || !hasOverdue(world) else { return }
        emit(.tick, world, visit) { $0.tick(settings) }
    }

    private func hasOverdue(_ world: World) -> Bool {
        (0..<settings.tabs).contains {
            let tab = Tab(code: world.tabs[$0])
            return tab.phase != .idle && tab.age == settings.flight
        }
    }

    private func judge(
        _ move: Move, _ world: World, _ visit: Visit, _ change: (inout World) -> Property?
    ) {
        var next = world
        let broken = change(&next)
        next.normalize(settings)
        visit(move, next, broken)
    }

    private func emit(
        _ move: Move, _ world: World, _ visit: Visit, _ change: (inout World) -> Void
    ) {
        judge(move, world, visit) {
            change(&$0)
            return nil
        }
    }

    /// Every way in which the server may answer, for its comparisons may fall on an edge.
    private func present(
        _ presented: Presentation, to chain: Chain, _ then: (Answer, Chain) -> Void
    ) {
        var rule = rule
        for edge in Edge.all(of: chain, window: settings.window, isDense: settings.isDense) {
            rule.edge = edge
            let (answer, next) = rule.step(chain, presented)
            then(answer, next)
        }
    }

    // MARK: The owner

    private func refreshes(from world: World, _ visit: Visit) {
        for index in 0..<settings.tabs {
            let code = world.tabs[index]
            guard index == 0 || code != world.tabs[index - 1] else { continue }
            let tab = Tab(code: code)
            switch tab.phase {
            case .idle: send(index, world, visit)
            case .request: handle(tab, index, world, visit)
            case .answer:
                emit(.land(tab.standing), world, visit) { land(tab, index, &$0) }
            }
            guard settings.loses, tab.phase != .idle else { continue }
            emit(.lose(tab.phase, tab.standing), world, visit) { $0.tabs[index] = Tab.idle.code }
        }
    }

    private func send(_ index: Int, _ world: World, _ visit: Visit) {
        guard let jar = world.jar else { return }
        var mark = world.jarKey
        var begins = false
        if settings.isScript {
            // The next attempt begins when nothing of the last one is under way.
            begins = !world.isWaiting
            guard !begins || world.tabs[0] == Tab.idle.code else { return }
            mark = begins ? world.attempt ^ 1 : world.attempt
        }
        emit(.send(jar), world, visit) {
            $0.tabs[index] = Tab(phase: .request, standing: jar, mark: mark).code
            guard begins else { return }
            $0.attempt = mark
            $0.isWaiting = true
        }
    }

    private func handle(_ tab: Tab, _ index: Int, _ world: World, _ visit: Visit) {
        let presented: Presentation =
            settings.isScript
            ? .strictRefresh(tab.standing, key: tab.mark) : .refresh(tab.standing)
        present(presented, to: world.chain) { answer, chain in
            let isRefused =
                answer == .refused
                || settings.mutant == .retiresKey && tab.mark != world.key
            judge(.handle(tab.standing, isRefused ? .refused : answer), world, visit) {
                $0.tabs[index] = Tab.idle.code
                guard !isRefused else {
                    $0.chain.isLive = false
                    return settings.hasThief || world.hasLoggedOut ? nil : .tabs
                }
                let before = $0.thief
                $0.chain = chain
                $0.advance(answer, settings)
                var back = tab
                back.phase = .answer
                back.standing = answer == .forked ? .fork : .newest
                back.isBare = answer == .kept
                if settings.changesKey { back.mark = world.key }
                $0.tabs[index] = back.code
                if world.hasLoggedOut { return .logout }
                guard settings.hasThief else { return nil }
                let kept = $0.thief.noteHandOut(answer, to: tab.standing, apart: settings.apart)
                guard answer != .kept else { return kept }
                let broken = $0.thief.ownerRefreshed(
                    answer, after: before.users, apart: settings.apart)
                return isTooLate(tab.standing, before.used) ? .closing : kept ?? broken
            }
        }
    }

    private func land(_ tab: Tab, _ index: Int, _ world: inout World) {
        world.tabs[index] = Tab.idle.code
        world.isWaiting = false
        guard !tab.isBare else {
            // The refresh token in the jar stays; the access token may be older than it.
            if tab.standing == .newest { world.newestSeen = 0 }
            if tab.standing == .sibling { world.siblingSeen = 0 }
            return
        }
        world.jar = tab.standing
        if settings.changesKey { world.jarKey = tab.mark }
        if settings.hasThief { world.thief.ownerReceived(tab.standing) }
    }

    private func uses(from world: World, _ visit: Visit) {
        if world.newestSeen <= settings.accessFlight { use(.newest, world, visit) }
        if world.siblingSeen <= settings.accessFlight { use(.sibling, world, visit) }
        if let jar = world.jar, jar != .newest, jar != .sibling { use(jar, world, visit) }
    }

    private func use(_ standing: Standing, _ world: World, _ visit: Visit) {
        present(.access(standing), to: world.chain) { answer, chain in
            judge(.use(standing, answer), world, visit) {
                $0.chain = chain
                guard answer != .refused else {
                    return settings.hasThief || world.hasLoggedOut ? nil : .tabs
                }
                if world.hasLoggedOut { return .logout }
                guard settings.hasThief else { return nil }
                $0.thief.noteUse(standing, by: .owner)
                return nil
            }
        }
    }

    // MARK: What else happens

    private func incidents(from world: World, _ visit: Visit) {
        if settings.logsOut, !world.hasLoggedOut {
            for clearsJar in [true, false] {
                emit(.logOut(clearsJar: clearsJar), world, visit) {
                    $0.hasLoggedOut = true
                    if clearsJar { $0.jar = nil }
                    if settings.mutant != .clearsCookies { $0.chain.isLive = false }
                }
            }
        }
        if settings.loses {
            emit(.restart, world, visit) {
                for index in 0..<settings.tabs { $0.tabs[index] = Tab.idle.code }
                if settings.mutant == .forgetsConfirmation { $0.chain.confirmed = nil }
            }
        }
        if settings.changesKey, world.key == 0 {
            emit(.changeKey, world, visit) { $0.key = 1 }
        }
        if settings.clockStep != 0, !world.hasSteppedClock {
            for step in [-settings.clockStep, settings.clockStep] {
                emit(.setClock(step), world, visit) {
                    $0.hasSteppedClock = true
                    $0.chain = $0.chain.aged(by: step)
                }
            }
        }
    }

    // MARK: The thief

    private func thefts(from world: World, _ visit: Visit) {
        if world.thief.lead == .none, let jar = world.jar {
            emit(.copy(jar), world, visit) {
                $0.thief.receive(jar)
                $0.thief.lead = .contact
            }
        }
        for standing in Standing.allCases {
            if world.thief.holds(standing) {
                steal(.refresh(standing), standing, world, visit)
                steal(.strictRefresh(standing, key: 2), standing, world, visit)
            }
            if world.thief.holdsAccess(standing) { stealUse(standing, world, visit) }
        }
    }

    private func steal(
        _ presented: Presentation, _ standing: Standing, _ world: World, _ visit: Visit
    ) {
        let isStrict = presented != .refresh(standing)
        present(presented, to: world.chain) { answer, chain in
            judge(.stealRefresh(standing, isStrict: isStrict, answer), world, visit) {
                let before = $0.thief
                $0.chain = chain
                guard answer != .refused else { return nil }
                $0.advance(answer, settings)
                let kept = $0.thief.noteHandOut(answer, to: standing, apart: settings.apart)
                $0.thief.receive(answer == .forked ? .fork : .newest)
                if world.hasLoggedOut { return .logout }
                guard answer != .kept else { return kept }
                let broken = $0.thief.refreshed(
                    answer, after: before.users, apart: settings.apart)
                return isTooLate(standing, before.used) ? .closing : kept ?? broken
            }
        }
    }

    private func stealUse(_ standing: Standing, _ world: World, _ visit: Visit) {
        present(.access(standing), to: world.chain) { answer, chain in
            judge(.stealUse(standing, answer), world, visit) {
                $0.chain = chain
                guard answer != .refused else { return nil }
                $0.thief.noteUse(standing, by: .thief)
                if world.hasLoggedOut { return .logout }
                return standing == .sibling && world.thief.quiet >= settings.apart ? .use : nil
            }
        }
    }

    /// Whether the newest generation has been in use for long, so that others are too late.
    private func isTooLate(_ standing: Standing, _ used: Int?) -> Bool {
        standing != .newest && standing != .fork && (used ?? 0) >= settings.apart
    }
}

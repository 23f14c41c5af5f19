/// Generates all moves that are possible in a world.
struct Moves {
    let settings: Settings
    private let rule: Rule

    typealias Visit = (Move, World, Property?) -> Void

    init(_ settings: Settings) {
        self.settings = settings
        rule = Rule(window: settings.window, mutant: settings.mutant)
    }

    func all(from world: World, _ visit: Visit) {
        // With a thief, the end of a session is the desired result, so nothing after it is explored.
        guard world.family.isLive || settings.logsOut else { return }
        refreshes(from: world, visit)
        uses(from: world, visit)
        otherEvents(from: world, visit)
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

    private func apply(
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
        apply(move, world, visit) {
            change(&$0)
            return nil
        }
    }

    /// Calls `then` with every decision that the server may take: where an age equals the window, a
    /// comparison may have either result.
    private func present(
        _ presented: Presentation, to family: FamilyState, _ then: (Decision, FamilyState) -> Void
    ) {
        var rule = rule
        for edge in Edge.all(of: family, window: settings.window, isDense: settings.isDense) {
            rule.edge = edge
            let (decision, next) = rule.step(family, presented)
            then(decision, next)
        }
    }

    // MARK: Owner

    private func refreshes(from world: World, _ visit: Visit) {
        for index in 0..<settings.tabs {
            let code = world.tabs[index]
            guard index == 0 || code != world.tabs[index - 1] else { continue }
            let tab = Tab(code: code)
            switch tab.phase {
            case .idle: send(index, world, visit)
            case .request: handle(tab, index, world, visit)
            case .response:
                emit(.land(tab.position), world, visit) { land(tab, index, &$0) }
            }
            guard settings.loses, tab.phase != .idle else { continue }
            emit(.lose(tab.phase, tab.position), world, visit) { $0.tabs[index] = Tab.idle.code }
        }
    }

    private func send(_ index: Int, _ world: World, _ visit: Visit) {
        guard let jar = world.jar else { return }
        var mark = world.jarKey
        var isNewAttempt = false
        if settings.isScript {
            // A new attempt begins only when no request or response of the last one is in flight.
            isNewAttempt = !world.isWaiting
            guard !isNewAttempt || world.tabs[0] == Tab.idle.code else { return }
            mark = isNewAttempt ? world.attempt ^ 1 : world.attempt
        }
        emit(.send(jar), world, visit) {
            $0.tabs[index] = Tab(phase: .request, position: jar, mark: mark).code
            guard isNewAttempt else { return }
            $0.attempt = mark
            $0.isWaiting = true
        }
    }

    private func handle(_ tab: Tab, _ index: Int, _ world: World, _ visit: Visit) {
        let presented: Presentation =
            settings.isScript
            ? .strictRefresh(tab.position, key: tab.mark) : .refresh(tab.position)
        present(presented, to: world.family) { decision, family in
            let isRefused =
                decision == .refused
                || settings.mutant == .retiresKey && tab.mark != world.key
            apply(.handle(tab.position, isRefused ? .refused : decision), world, visit) {
                $0.tabs[index] = Tab.idle.code
                guard !isRefused else {
                    $0.family.isLive = false
                    return settings.hasThief || world.hasLoggedOut ? nil : .tabs
                }
                let before = $0.thief
                $0.family = family
                $0.advance(decision, settings)
                var back = tab
                back.phase = .response
                back.position = decision == .forked ? .fork : .newest
                back.isBare = decision == .accessTokenOnly
                if settings.changesKey { back.mark = world.key }
                $0.tabs[index] = back.code
                if world.hasLoggedOut { return .logout }
                guard settings.hasThief else { return nil }
                let kept = $0.thief.noteIssue(decision, to: tab.position, apart: settings.apart)
                guard decision != .accessTokenOnly else { return kept }
                let broken = $0.thief.ownerRefreshed(
                    decision, after: before.users, apart: settings.apart)
                return isTooLate(tab.position, before.used) ? .closing : kept ?? broken
            }
        }
    }

    private func land(_ tab: Tab, _ index: Int, _ world: inout World) {
        world.tabs[index] = Tab.idle.code
        world.isWaiting = false
        guard !tab.isBare else {
            // The refresh token in the jar stays. The new access token may belong to an older generation.
            if tab.position == .newest { world.newestSeen = 0 }
            if tab.position == .sibling { world.siblingSeen = 0 }
            return
        }
        world.jar = tab.position
        if settings.changesKey { world.jarKey = tab.mark }
        if settings.hasThief { world.thief.ownerReceived(tab.position) }
    }

    private func uses(from world: World, _ visit: Visit) {
        if world.newestSeen <= settings.accessFlight { use(.newest, world, visit) }
        if world.siblingSeen <= settings.accessFlight { use(.sibling, world, visit) }
        if let jar = world.jar, jar != .newest, jar != .sibling { use(jar, world, visit) }
    }

    private func use(_ position: TokenPosition, _ world: World, _ visit: Visit) {
        present(.access(position), to: world.family) { decision, family in
            apply(.use(position, decision), world, visit) {
                $0.family = family
                guard decision != .refused else {
                    return settings.hasThief || world.hasLoggedOut ? nil : .tabs
                }
                if world.hasLoggedOut { return .logout }
                guard settings.hasThief else { return nil }
                $0.thief.noteUse(position, by: .owner)
                return nil
            }
        }
    }

    // MARK: Other events

    private func otherEvents(from world: World, _ visit: Visit) {
        if settings.logsOut, !world.hasLoggedOut {
            for clearsJar in [true, false] {
                emit(.logOut(clearsJar: clearsJar), world, visit) {
                    $0.hasLoggedOut = true
                    if clearsJar { $0.jar = nil }
                    if settings.mutant != .clearsCookies { $0.family.isLive = false }
                }
            }
        }
        if settings.loses {
            emit(.restart, world, visit) {
                for index in 0..<settings.tabs { $0.tabs[index] = Tab.idle.code }
                if settings.mutant == .forgetsConfirmation { $0.family.sinceFirstUse = nil }
            }
        }
        if settings.changesKey, world.key == 0 {
            emit(.changeKey, world, visit) { $0.key = 1 }
        }
        if settings.clockStep != 0, !world.hasSteppedClock {
            for step in [-settings.clockStep, settings.clockStep] {
                emit(.setClock(step), world, visit) {
                    $0.hasSteppedClock = true
                    $0.family = $0.family.aged(by: step)
                }
            }
        }
    }

    // MARK: Thief

    private func thefts(from world: World, _ visit: Visit) {
        if world.thief.lead == .none, let jar = world.jar {
            emit(.copy(jar), world, visit) {
                $0.thief.receive(jar)
                $0.thief.lead = .contact
            }
        }
        for position in TokenPosition.allCases {
            if world.thief.holds(position) {
                steal(.refresh(position), position, world, visit)
                steal(.strictRefresh(position, key: 2), position, world, visit)
            }
            if world.thief.holdsAccess(position) { stealUse(position, world, visit) }
        }
    }

    private func steal(
        _ presented: Presentation, _ position: TokenPosition, _ world: World, _ visit: Visit
    ) {
        let isStrict = presented != .refresh(position)
        present(presented, to: world.family) { decision, family in
            apply(.stealRefresh(position, isStrict: isStrict, decision), world, visit) {
                let before = $0.thief
                $0.family = family
                guard decision != .refused else { return nil }
                $0.advance(decision, settings)
                let kept = $0.thief.noteIssue(decision, to: position, apart: settings.apart)
                $0.thief.receive(decision == .forked ? .fork : .newest)
                if world.hasLoggedOut { return .logout }
                guard decision != .accessTokenOnly else { return kept }
                let broken = $0.thief.refreshed(
                    decision, after: before.users, apart: settings.apart)
                return isTooLate(position, before.used) ? .closing : kept ?? broken
            }
        }
    }

    private func stealUse(_ position: TokenPosition, _ world: World, _ visit: Visit) {
        present(.access(position), to: world.family) { decision, family in
            apply(.stealUse(position, decision), world, visit) {
                $0.family = family
                guard decision != .refused else { return nil }
                $0.thief.noteUse(position, by: .thief)
                if world.hasLoggedOut { return .logout }
                return position == .sibling && world.thief.quiet >= settings.apart ? .use : nil
            }
        }
    }

    /// Returns whether the newest generation has been in use for so long that older ones must be refused.
    private func isTooLate(_ position: TokenPosition, _ used: Int?) -> Bool {
        position != .newest && position != .fork && (used ?? 0) >= settings.apart
    }
}

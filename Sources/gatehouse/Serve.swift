import API
import ArgumentParser
import Cryptography
import FastCGI
import Glibc
import Identity
import Logging
import Settings
import Threads

/// The command `gatehouse serve`, which runs the server until it receives SIGTERM.
///
/// This file only connects the parts of the server. It contains no domain rules.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answer nginx's requests until SIGTERM.")

    func run() throws {
        let settings = try ServerSettings(from: .present)
        let signals = Signals()
        DescriptorLimit.raise()
        LoggingSystem.bootstrap { _ in StandardErrorLog() }
        var logger = Logger(label: "gatehouse")
        logger.logLevel = settings.logLevel
        for warning in settings.warnings {
            logger.warning("questionable setting", metadata: ["issue": "\(warning)"])
        }

        // One reader for each worker, and one for the thread that responds with metrics.
        let store = try settings.accounts.openStore(readers: settings.workers + 1, logger: logger)
        let passwords = try PasswordHasher(
            scheme: settings.accounts.passwordScheme, threads: settings.hashingThreads,
            capacity: settings.hashingQueue, limit: settings.accounts.hashLimit)
        let reuses = Guarded(0)
        let slewingClock = SlewingClock.started(window: settings.refreshWindow.milliseconds)
        let clock: @Sendable () -> Timestamp = { slewingClock.now }
        let service = try Service(
            settings, store: store, passwords: passwords, clock: clock, reuses: reuses,
            logger: logger)
        let listener = try FastCGIListener(settings.listenAddress, mode: settings.socketMode)
        let server = try FastCGIServer(
            listener: listener,
            configuration: FastCGIServer.Configuration(
                workers: settings.workers, logger: logger),
            handler: { await service.respond(to: $0) })

        let page = MetricsPage(
            requests: service.requests, store: store, passwords: passwords, reuses: reuses)
        let metricsListener = try settings.metricsAddress.map {
            try FastCGIListener($0, mode: settings.socketMode)
        }
        let listeners = [listener] + [metricsListener].compactMap(\.self)
        InheritedSockets.close(except: listeners, passed: settings.passedSockets)
        let metrics = try metricsListener.map { listener in
            try FastCGIServer(
                listener: listener,
                configuration: FastCGIServer.Configuration(workers: 1, logger: logger),
                handler: { await page.respond(to: $0) })
        }

        try metrics?.start()
        try server.start()
        logger.notice("ready")
        ServiceManager.notify("READY=1")
        let jobs = JobRunner(Job.purges(of: store, now: clock)) { [logger] job, error in
            logger.warning(
                "a background job failed; it runs again at its next scheduled time",
                metadata: ["job": "\(job.name)", "error": "\(error)"])
        }
        let message = wait(for: signals, watching: server, logger)
        logger.notice(message == .reload ? "reloading" : "stopping")
        ServiceManager.notify(message == .reload ? ServiceManager.reloading : "STOPPING=1")
        // Finish the requests that have begun. After five seconds, refuse the passwords that still
        // wait to be hashed, so that a long queue does not delay the end.
        passwords.refuseWaiting(after: .seconds(5))
        service.endRefusalDelays()
        server.drain()
        jobs.stop()
        metrics?.drain()
        passwords.close()
        store.close()
        if message == .reload {
            try Reexec.run(keeping: listeners.map(\.descriptor))
        }
    }

    /// Waits for a signal to stop or to reload, and reports to the watchdog in the meantime.
    ///
    /// A signal to reload is ignored if the new settings are invalid, or if the program's file is
    /// missing.
    private func wait(
        for signals: Signals, watching server: FastCGIServer, _ logger: Logger
    ) -> Signals.Message {
        var watchdog = Watchdog(environment: Environment.variables, process: getpid())
        while true {
            switch signals.wait(atMost: watchdog?.interval) {
            case .stop: return .stop
            case .reload: if canReload(logger) { return .reload }
            case nil:
                if watchdog?.isMakingProgress(server.heartbeats) == true {
                    ServiceManager.notify("WATCHDOG=1")
                } else {
                    logger.error(
                        "a worker thread makes no progress; if this lasts, systemd restarts the service"
                    )
                }
            }
        }
    }

    private func canReload(_ logger: Logger) -> Bool {
        var issues: [String] = []
        do {
            _ = try ServerSettings(from: .present)
            try Reexec.checkProgram()
        } catch let error as SettingsError {
            issues = error.problems.map(\.description)
        } catch {
            issues = ["\(error)"]
        }
        for issue in issues {
            logger.error(
                "reload rejected, keeping the previous settings", metadata: ["issue": "\(issue)"])
        }
        return issues.isEmpty
    }
}

extension Service {
    fileprivate init(
        _ settings: ServerSettings, store: any Store, passwords: PasswordHasher,
        clock: @escaping @Sendable () -> Timestamp,
        reuses: Guarded<Int>, logger: Logger
    ) throws {
        let secrets = settings.keyring.keys.map(\.secret.bytes)
        let tokens = try Tokens(
            secret: secrets[0], formerSecrets: Array(secrets.dropFirst()),
            accessLifetime: settings.accessLifetime.seconds,
            refreshLifetime: settings.refreshLifetime.seconds)
        self.init(
            accounts: Accounts(
                store: store, passwords: passwords,
                topLevelDomains: settings.accounts.topLevelDomains,
                newPassword: settings.accounts.newPassword,
                refusesCommonPasswords: settings.accounts.refusesCommonPasswords),
            sessions: Sessions(
                store: store, tokens: tokens, passwords: passwords,
                window: settings.refreshWindow.milliseconds,
                maximumPerAccount: settings.sessionsPerAccount,
                newPassword: settings.accounts.newPassword,
                refusesCommonPasswords: settings.accounts.refusesCommonPasswords,
                onReuse: { reuse in
                    reuses.withLock { $0 += 1 }
                    logger.warning(
                        "a copy of a token was used, so its session was ended",
                        metadata: [
                            "session": "\(reuse.sessionID)",
                            "token-generation": "\(reuse.presented)",
                            "newest-generation": "\(reuse.newest)",
                            "address": "\(reuse.client.address)",
                            "last-address": "\(reuse.lastClient.address)",
                        ])
                }),
            directory: store,
            limits: PeopleLimits(
                maximum: settings.peopleLimit, changesPerMinute: settings.peopleRate),
            allowedOrigins: settings.allowedOrigins, isStrict: settings.accounts.isStrict,
            options: SiteOptions(
                isSignupOpen: settings.isSignupOpen, hasPeople: settings.hasPeople,
                name: settings.site.name, logo: settings.site.logo, color: settings.site.color,
                passwordHelp: settings.site.passwordHelp.map {
                    SiteOptions.PasswordHelp(text: $0.text, address: $0.address)
                }),
            refusalDelay: .seconds(settings.refusalDelay),
            environment: settings.environmentName,
            check: store.check,
            clock: clock, logger: logger)
    }
}

extension FastCGIServer.Configuration {
    fileprivate init(workers: Int, logger: Logger) {
        self.init()
        self.workers = workers
        overload = Service.busy
        onEvent = { event in
            switch event {
            case .malformedRequest(let reason):
                logger.warning("malformed FastCGI request", metadata: ["reason": "\(reason)"])
            case .stalledPeer:
                logger.warning(
                    "nginx left a request incomplete for too long; its connection was closed")
            case .outOfDescriptors:
                logger.error("no file descriptor left for a connection; raise LimitNOFILE")
            }
        }
    }
}

extension FastCGIListener {
    fileprivate init(_ address: ListenAddress, mode: mode_t) throws {
        switch address {
        case .unix(let path): try self.init(unixPath: path, mode: UInt32(mode))
        case .tcp(let host, let port): try self.init(host: host, port: port)
        case .descriptor(let descriptor): try self.init(descriptor: descriptor)
        }
    }
}

extension Duration {
    fileprivate var seconds: Int64 { components.seconds }
    fileprivate var milliseconds: Int64 { Int64(self / .milliseconds(1)) }
}

import Glibc
import Lanes

/// A FastCGI responder: reads requests, calls a handler for each, sends its answers.
///
/// A few workers share one event set (leader and followers). It holds the listening socket and
/// every kept connection, so an idle connection costs no thread. The worker that wakes serves the
/// request itself. A handler that waits, in an `await`, gives its worker back.
///
/// ```swift
/// let server = try FastCGIServer(listener: FastCGIListener(unixPath: "/run/hello.sock")) { _ in
///     FastCGIResponse(head: HTTPResponse(status: .ok), body: Array("Hello".utf8))
/// }
/// try server.start()
/// // ... until the process is told to stop:
/// server.drain()
/// ```
public final class FastCGIServer: Sendable {
    /// How a server works.
    public struct Configuration: Sendable {
        /// The number of workers; as many as there are cores, no more.
        public var workers = 2
        /// How long a request may take to arrive once its connection or its first byte has come.
        public var patience = Duration.seconds(5)
        /// How long a peer may leave an answer unread; a worker waits for it.
        public var sendTimeout = Duration.seconds(5)
        /// The answer to a request on whose connection no descriptor is left; `nil` is to close it.
        ///
        /// It is sent as it is, whatever the request, and may have up to 60 KiB.
        public var overload: FastCGIResponse?
        /// Hears of what no request can be told about.
        public var report: @Sendable (FastCGIIncident) -> Void = { _ in }

        /// Makes a configuration with the defaults.
        public init() {}
    }

    /// Answers a request.
    public typealias Handler = @Sendable (FastCGIRequest) async -> FastCGIResponse

    private let listener: FastCGIListener
    private let configuration: Configuration
    private let handler: Handler
    private let crew: Crew
    private let connections: Connections
    private let waitingRoom: WaitingRoom
    private let draining: Draining
    private let pulses: [Pulse]
    private let exchanges = Monitor<[Exchange]>([])
    private let threads = Monitor<[Thread]>([])

    /// Makes a server that does not run yet.
    ///
    /// - Throws: `FastCGIError`.
    public init(
        listener: FastCGIListener, configuration: Configuration = Configuration(),
        handler: @escaping Handler
    ) throws {
        prepareLibrary()
        self.listener = listener
        self.configuration = configuration
        self.handler = handler
        crew = try Crew()
        connections = try Connections(
            sendTimeout: configuration.sendTimeout,
            dismissal: configuration.overload.map(Dismissal.init), report: configuration.report)
        draining = try Draining(workers: configuration.workers, crew: crew)
        pulses = (0..<configuration.workers).map { _ in Pulse() }
        waitingRoom = try WaitingRoom(
            connections: connections, draining: draining, patience: configuration.patience,
            report: configuration.report)
        try connections.events.add(listener.descriptor, for: [.readable, .exclusive])
        try connections.events.add(draining.begun.descriptor, for: .readable)
        try connections.events.add(crew.bell.descriptor, for: [.readable, .exclusive])
    }

    /// Starts the workers and returns.
    ///
    /// Block the signals that your main thread waits for before you call this.
    ///
    /// - Throws: `ThreadError`.
    public func start() throws {
        var started = [
            try Thread(named: "waiting-room") { [self] in
                waitingRoom.watch { descriptor in
                    Task(executorPreference: crew) { [self] in await answer(descriptor) }
                }
            }
        ]
        for (number, pulse) in pulses.enumerated() {
            started.append(try Thread(named: "worker-\(number + 1)") { self.work(pulse) })
        }
        threads.withLock { $0 = started }
    }

    /// How often each worker has taken something up or waited for more.
    ///
    /// A number is odd while its worker does something. One that is odd and stays the same for
    /// longer than a request may hold a worker belongs to a worker that is stuck.
    public var beats: [Int] { pulses.map(\.beats) }

    /// Takes no more requests, answers those it has, closes its connections and returns.
    ///
    /// The listening socket stays open: what waits in its queue is the next server's.
    public func drain() {
        // A thread can be joined once.
        let running = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        draining.begin()
        for worker in running.dropFirst() { worker.join() }
        waitingRoom.leave()
        running.first?.join()
        connections.closeIdle()
    }

    // MARK: The life of a worker

    private func work(_ pulse: Pulse) {
        crew.join { hand in
            while !draining.hasBegun {
                // A task serves one request after the other until one of them waits. Then it keeps
                // that request, and the next task takes its place on this thread.
                Task(executorPreference: crew) { [self] in
                    await serve(on: hand, inTurn: hand.turn, pulse)
                }
                hand.run()
            }
            draining.finish(on: hand)
        }
    }

    private func serve(on hand: Hand, inTurn turn: Int, _ pulse: Pulse) async {
        while let descriptor = nextEvent(pulse) {
            switch descriptor {
            case crew.bell.descriptor:
                if let job = crew.takeWaiting() { await hand.stepAside(for: job) }
                continue
            case listener.descriptor:
                guard let new = connections.accept(from: listener) else { continue }
                await serve(new, isNew: true, with: hand.buffer)
            default:
                connections.take(descriptor)
                // Also where the peer has closed its side: a whole request may wait there.
                await serve(descriptor, isNew: false, with: hand.buffer)
            }
            if !crew.isStill(hand, inTurn: turn) { return }
        }
    }

    /// Waits for something to do; `nil` when the server drains.
    private func nextEvent(_ pulse: Pulse) -> Int32? {
        pulse.beat()
        defer { pulse.beat() }
        while true {
            guard let (descriptor, _) = connections.events.wait() else { continue }
            return descriptor == draining.begun.descriptor ? nil : descriptor
        }
    }

    private func serve(
        _ descriptor: Int32, isNew: Bool, with buffer: UnsafeMutableRawBufferPointer
    ) async {
        switch scan(descriptor, with: buffer) {
        case .whole:
            draining.requestBegins()
            await answer(descriptor)
        // A new connection has a request under way, which only we can answer: nginx does not send
        // a POST again. On a kept one there may never be another.
        case .nothing where !isNew: connections.keep(descriptor)
        case .nothing, .incomplete: waitingRoom.admit(descriptor)
        case .malformed(let reason):
            configuration.report(.malformedRequest(reason))
            close(descriptor)
        case nil: close(descriptor)
        }
    }

    /// Answers the request that waits on a connection.
    ///
    /// Its part in `draining` has begun already.
    private func answer(_ descriptor: Int32) async {
        let exchange = exchanges.withLock { $0.popLast() } ?? Exchange()
        if let request = exchange.begin(on: descriptor) {
            let response = await handler(request)
            let kept = exchange.finish(with: response, keepsConnections: !draining.hasBegun)
            if let kept { connections.keep(kept) }
        }
        exchanges.withLock { $0.append(exchange) }
        draining.requestEnds()
    }
}

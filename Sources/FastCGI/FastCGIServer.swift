import Glibc
import Threads

/// A FastCGI responder: reads requests, calls a handler for each and sends the responses.
///
/// A few workers share one event set (leader and followers). It holds the listening socket and
/// every kept connection, so an idle connection costs no thread. The worker that wakes serves the
/// request itself. A handler that suspends in an `await` frees its worker.
///
/// ```swift
/// let server = try FastCGIServer(listener: FastCGIListener(unixPath: "/run/hello.sock")) { _ in
///     FastCGIResponse(head: HTTPResponse(status: .ok), body: Array("Hello".utf8))
/// }
/// try server.start()
/// // ... when the process receives SIGTERM:
/// server.drain()
/// ```
public final class FastCGIServer: Sendable {
    /// The settings of a server.
    public struct Configuration: Sendable {
        /// The number of workers, at most the number of cores.
        ///
        /// The default is 2.
        public var workers = 2
        /// How long a request may take to arrive, from its connection or its first byte.
        ///
        /// The default is 5 seconds.
        public var timeout = Duration.seconds(5)
        /// How long a peer may leave a response unread; a worker blocks meanwhile.
        ///
        /// The default is 5 seconds.
        public var sendTimeout = Duration.seconds(5)
        /// The response to a request for whose connection no file descriptor is left.
        ///
        /// It is sent unchanged to every such request and may have up to 60 KiB. The default is
        /// `nil`: the connection is closed without a response.
        public var overload: FastCGIResponse?
        /// Called for events that belong to no request.
        public var onEvent: @Sendable (FastCGIEvent) -> Void = { _ in }

        /// Makes a configuration with the defaults.
        public init() {}
    }

    /// A function that returns the response to a request.
    public typealias Handler = @Sendable (FastCGIRequest) async -> FastCGIResponse

    private let listener: FastCGIListener
    private let configuration: Configuration
    private let handler: Handler
    private let executor: WorkerExecutor
    private let connections: Connections
    private let partialRequests: PartialRequests
    private let shutdown: Shutdown
    private let workerHeartbeats: [WorkerHeartbeat]
    private let requestIOs = Guarded<[RequestIO]>([])
    private let threads = Guarded<[Thread]>([])

    /// Makes a server; `start` runs it.
    ///
    /// - Throws: `FastCGIError`.
    public init(
        listener: FastCGIListener, configuration: Configuration = Configuration(),
        handler: @escaping Handler
    ) throws {
        LibFCGI.prepare()
        self.listener = listener
        self.configuration = configuration
        self.handler = handler
        executor = try WorkerExecutor()
        connections = try Connections(
            sendTimeout: configuration.sendTimeout,
            overloadResponse: configuration.overload.map(OverloadResponse.init),
            onEvent: configuration.onEvent)
        shutdown = try Shutdown(workers: configuration.workers, executor: executor)
        workerHeartbeats = (0..<configuration.workers).map { _ in WorkerHeartbeat() }
        partialRequests = try PartialRequests(
            connections: connections, shutdown: shutdown, timeout: configuration.timeout,
            onEvent: configuration.onEvent)
        try connections.events.add(listener.descriptor, for: [.readable, .exclusive])
        try connections.events.add(shutdown.begun.descriptor, for: .readable)
        try connections.events.add(executor.eventFD.descriptor, for: [.readable, .exclusive])
    }

    /// Starts the workers and returns.
    ///
    /// Before you call this, block the signals that your main thread waits for.
    ///
    /// - Throws: `ThreadError`.
    public func start() throws {
        var started = [
            try Thread(named: "partial-reqs") { [self] in
                partialRequests.watch { descriptor in
                    Task(executorPreference: executor) { [self] in await respond(on: descriptor) }
                }
            }
        ]
        for (number, heartbeat) in workerHeartbeats.enumerated() {
            started.append(try Thread(named: "worker-\(number + 1)") { self.work(heartbeat) })
        }
        threads.withLock { $0 = started }
    }

    /// A counter for each worker, incremented when it becomes busy and when it starts waiting.
    ///
    /// A counter is odd while its worker is busy. A worker is stuck if its counter is odd and has
    /// not changed for longer than any request may occupy a worker.
    public var heartbeats: [Int] { workerHeartbeats.map(\.value) }

    /// Stops accepting requests, answers those that have begun, closes the connections and returns.
    ///
    /// The listening socket stays open: the next server accepts the connections in its queue.
    public func drain() {
        // A thread can be joined only once.
        let running = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        shutdown.begin()
        for worker in running.dropFirst() { worker.join() }
        partialRequests.stop()
        running.first?.join()
        connections.closeIdle()
    }

    // MARK: Workers

    private func work(_ heartbeat: WorkerHeartbeat) {
        executor.withWorker { worker in
            while !shutdown.hasBegun {
                // A task serves one request after the other until one of them suspends. It then
                // stays with that request, and this thread starts the next task.
                Task(executorPreference: executor) { [self] in
                    await serve(on: worker, inGeneration: worker.generation, heartbeat)
                }
                worker.run()
            }
            shutdown.runRemainingJobs(on: worker)
        }
    }

    private func serve(
        on worker: Worker, inGeneration generation: Int, _ heartbeat: WorkerHeartbeat
    ) async {
        while let descriptor = nextEvent(heartbeat) {
            switch descriptor {
            case executor.eventFD.descriptor:
                if let job = executor.dequeue() { await worker.yield(to: job) }
                continue
            case listener.descriptor:
                guard let new = connections.accept(from: listener) else { continue }
                await serve(new, isNew: true, with: worker.buffer)
            default:
                connections.unregister(descriptor)
                // Even if the peer has closed its side, a complete request may be waiting.
                await serve(descriptor, isNew: false, with: worker.buffer)
            }
            if !executor.isCurrent(worker, inGeneration: generation) { return }
        }
    }

    /// Waits for an event and returns its descriptor; `nil` when the server drains.
    private func nextEvent(_ heartbeat: WorkerHeartbeat) -> Int32? {
        heartbeat.beat()
        defer { heartbeat.beat() }
        while true {
            guard let (descriptor, _) = connections.events.wait() else { continue }
            return descriptor == shutdown.begun.descriptor ? nil : descriptor
        }
    }

    private func serve(
        _ descriptor: Int32, isNew: Bool, with buffer: UnsafeMutableRawBufferPointer
    ) async {
        switch RequestScan.peek(descriptor, with: buffer) {
        case .complete:
            shutdown.requestBegins()
            await respond(on: descriptor)
        // A new connection without data still counts as a request, because one is about to arrive
        // and nginx does not send a POST again. A kept connection may never carry another request.
        case .empty where !isNew: connections.register(descriptor)
        case .empty, .incomplete: partialRequests.add(descriptor)
        case .malformed(let reason):
            configuration.onEvent(.malformedRequest(reason))
            close(descriptor)
        case nil: close(descriptor)
        }
    }

    /// Responds to the complete request that waits on a connection.
    ///
    /// The caller has already called `requestBegins` of `shutdown`; this calls `requestEnds`.
    private func respond(on descriptor: Int32) async {
        let requestIO = requestIOs.withLock { $0.popLast() } ?? RequestIO()
        if let request = requestIO.begin(on: descriptor) {
            let response = await handler(request)
            let kept = requestIO.finish(with: response, keepsConnections: !shutdown.hasBegun)
            if let kept { connections.register(kept) }
        }
        requestIOs.withLock { $0.append(requestIO) }
        shutdown.requestEnds()
    }
}

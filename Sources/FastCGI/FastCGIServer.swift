import Glibc
import Threads

/// A FastCGI responder, which reads requests, calls a handler for each and sends the responses.
///
/// A few workers share one event set (the leader/followers pattern). The event set holds the
/// listening socket and every kept connection, so an idle connection costs no thread. The worker
/// that an event wakes serves the request itself. A handler that suspends in an `await` frees its
/// worker.
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
        /// The number of workers, which should be at most the number of cores.
        ///
        /// The default is 2.
        public var workers = 2
        /// How long a request may take to arrive completely.
        ///
        /// The time begins when a new connection is accepted, or with the first byte of a request
        /// on a kept connection. The default is 5 seconds.
        public var timeout = Duration.seconds(5)
        /// How long a peer may leave a response of up to 64 KiB unread.
        ///
        /// A worker is blocked during this time. When the server shuts down, longer responses are
        /// abandoned after this time. The default is 5 seconds.
        public var sendTimeout = Duration.seconds(5)
        /// How long a peer may read nothing of a longer response before the response is abandoned.
        ///
        /// No worker is blocked during this time. The default is 60 seconds.
        public var longSendTimeout = Duration.seconds(60)
        /// The response to a request when no file descriptor is left for its connection.
        ///
        /// This response is sent unchanged to every such request and may have up to 60 KiB. The
        /// default is `nil`, which means that the connection is closed without a response.
        public var overload: FastCGIResponse?
        /// A closure that is called for events that belong to no request.
        public var onEvent: @Sendable (FastCGIEvent) -> Void = { _ in }

        /// Creates a configuration with the default values.
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
    private let unread: UnreadConnections
    private let shutdown: Shutdown
    private let workerHeartbeats: [WorkerHeartbeat]
    private let requestIOs = Guarded<[RequestIO]>([])
    private let threads = Guarded<[Thread]>([])

    /// Creates a server without starting it.
    ///
    /// - Throws: `FastCGIError` if a system call fails.
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
        unread = try UnreadConnections(timeout: configuration.longSendTimeout)
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
    /// - Throws: `ThreadError` if the system cannot start a thread.
    public func start() throws {
        var started = [
            try Thread(named: "partial-reqs") { [self] in
                partialRequests.watch { descriptor in
                    Task(executorPreference: executor) { [self] in await respond(on: descriptor) }
                }
            },
            try Thread(named: "unread-replies") { [unread] in unread.watch() },
        ]
        for (number, heartbeat) in workerHeartbeats.enumerated() {
            started.append(try Thread(named: "worker-\(number + 1)") { self.work(heartbeat) })
        }
        threads.withLock { $0 = started }
    }

    /// The counter of each worker, which grows by one when the worker becomes busy and when it
    /// starts waiting.
    ///
    /// A counter is odd while its worker is busy. A worker is stuck if its counter is odd and has
    /// not changed for longer than any request may occupy a worker.
    public var heartbeats: [Int] { workerHeartbeats.map(\.value) }

    /// Stops accepting requests, answers those that have begun, closes the connections and returns.
    ///
    /// The listening socket stays open, so that the next server can accept the connections in its
    /// queue.
    public func drain() {
        // Take the threads out of the list, because a thread can be joined only once.
        let running = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        shutdown.begin()
        moveNewConnections()
        unread.abandonAll(after: configuration.sendTimeout)
        for worker in running.dropFirst(2) { worker.join() }
        partialRequests.stop()
        unread.stop()
        for watcher in running.prefix(2) { watcher.join() }
        connections.closeIdle()
    }

    // MARK: Workers

    private func work(_ heartbeat: WorkerHeartbeat) {
        executor.withWorker { worker in
            while !shutdown.hasBegun {
                // A task serves one request after another until one of them suspends. The task then
                // stays with that request, and this thread starts another task.
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
                // A request is about to arrive, and shutdown must wait for it: if this connection
                // were closed, a POST would be lost, because nginx does not send it again.
                shutdown.requestBegins()
                await serve(new, .new(since: .now), with: worker.buffer)
            default:
                guard let reason = connections.take(descriptor) else { continue }
                if !reason.isNew { shutdown.requestBegins() }
                // Serve the connection even if the peer has closed its side, because a complete
                // request may be waiting.
                await serve(descriptor, reason, with: worker.buffer)
            }
            if !executor.isCurrent(worker, inGeneration: generation) { return }
        }
    }

    /// Waits for an event and returns its descriptor, or `nil` if the server is shutting down.
    private func nextEvent(_ heartbeat: WorkerHeartbeat) -> Int32? {
        heartbeat.beat()
        defer { heartbeat.beat() }
        while true {
            guard let (descriptor, _) = connections.events.wait() else { continue }
            return descriptor == shutdown.begun.descriptor ? nil : descriptor
        }
    }

    /// Serves the request that waits on a connection, if it is complete.
    ///
    /// The caller must have called `requestBegins` of `shutdown`. This method calls `requestEnds`
    /// if the connection is not to be waited for at shutdown.
    private func serve(
        _ descriptor: Int32, _ reason: WaitingConnections.Reason,
        with buffer: UnsafeMutableRawBufferPointer
    ) async {
        switch RequestScan.peek(descriptor, with: buffer) {
        case .complete:
            await respond(on: descriptor)
            return
        case .incomplete:
            partialRequests.add(descriptor, since: reason.start ?? .now)
            return
        case .empty:
            let isWatched = connections.wait(on: descriptor, reason)
            // The first bytes usually arrive a moment after accept(2), and wake a worker then.
            if isWatched, reason.isNew {
                if shutdown.hasBegun { moveNewConnections() }
                return
            }
        case .malformed(let problem):
            configuration.onEvent(.malformedRequest(problem))
            close(descriptor)
        case nil: close(descriptor)
        }
        shutdown.requestEnds()
    }

    /// Hands the new connections over to `partialRequests`, because the workers no longer wait for
    /// events of connections once the shutdown has begun.
    private func moveNewConnections() {
        for (descriptor, start) in connections.takeNew() {
            partialRequests.add(descriptor, since: start)
        }
    }

    /// Responds to the complete request that waits on a connection.
    ///
    /// The caller must have called `requestBegins` of `shutdown`. This method calls `requestEnds`.
    private func respond(on descriptor: Int32) async {
        let requestIO = requestIOs.withLock { $0.popLast() } ?? RequestIO()
        if let request = requestIO.begin(on: descriptor) {
            let response = await handler(request)
            let kept: Int32?
            if !requestIO.isLong(response) {
                kept = requestIO.finish(with: response, keepsConnections: !shutdown.hasBegun)
            } else if await requestIO.sendLong(response, waitingIn: unread) {
                kept = requestIO.finish(keepsConnections: !shutdown.hasBegun)
            } else {
                requestIO.abandon()
                kept = nil
            }
            if let kept { _ = connections.wait(on: kept, .idle) }
        } else {
            configuration.onEvent(
                .malformedRequest("libfcgi refused it, or CONTENT_LENGTH is not its length"))
        }
        requestIOs.withLock { $0.append(requestIO) }
        shutdown.requestEnds()
    }
}

import Glibc
import Threads

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
        public var timeout = Duration.seconds(5)
        /// How long a peer may leave an answer unread; a worker waits for it.
        public var sendTimeout = Duration.seconds(5)
        /// The answer to a request on whose connection no descriptor is left; `nil` is to close it.
        ///
        /// It is sent as it is, whatever the request, and may have up to 60 KiB.
        public var overload: FastCGIResponse?
        /// Hears of what no request can be told about.
        public var onEvent: @Sendable (FastCGIEvent) -> Void = { _ in }

        /// Makes a configuration with the defaults.
        public init() {}
    }

    /// Answers a request.
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
    /// Block the signals that your main thread waits for before you call this.
    ///
    /// - Throws: `ThreadError`.
    public func start() throws {
        var started = [
            try Thread(named: "waiting-room") { [self] in
                partialRequests.watch { descriptor in
                    Task(executorPreference: executor) { [self] in await answer(descriptor) }
                }
            }
        ]
        for (number, heartbeat) in workerHeartbeats.enumerated() {
            started.append(try Thread(named: "worker-\(number + 1)") { self.work(heartbeat) })
        }
        threads.withLock { $0 = started }
    }

    /// How often each worker has taken something up or waited for more.
    ///
    /// A number is odd while its worker does something. One that is odd and stays the same for
    /// longer than a request may hold a worker belongs to a worker that is stuck.
    public var heartbeats: [Int] { workerHeartbeats.map(\.value) }

    /// Takes no more requests, answers those it has, closes its connections and returns.
    ///
    /// The listening socket stays open: what waits in its queue is the next server's.
    public func drain() {
        // A thread can be joined once.
        let running = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        shutdown.begin()
        for worker in running.dropFirst() { worker.join() }
        partialRequests.leave()
        running.first?.join()
        connections.closeIdle()
    }

    // MARK: The life of a worker

    private func work(_ heartbeat: WorkerHeartbeat) {
        executor.join { worker in
            while !shutdown.hasBegun {
                // A task serves one request after the other until one of them waits. Then it keeps
                // that request, and the next task takes its place on this thread.
                Task(executorPreference: executor) { [self] in
                    await serve(on: worker, inGeneration: worker.generation, heartbeat)
                }
                worker.run()
            }
            shutdown.finish(on: worker)
        }
    }

    private func serve(
        on worker: Worker, inGeneration generation: Int, _ heartbeat: WorkerHeartbeat
    ) async {
        while let descriptor = nextEvent(heartbeat) {
            switch descriptor {
            case executor.eventFD.descriptor:
                if let job = executor.takeWaiting() { await worker.yield(for: job) }
                continue
            case listener.descriptor:
                guard let new = connections.accept(from: listener) else { continue }
                await serve(new, isNew: true, with: worker.buffer)
            default:
                connections.take(descriptor)
                // Also where the peer has closed its side: a whole request may wait there.
                await serve(descriptor, isNew: false, with: worker.buffer)
            }
            if !executor.immutable(worker, inGeneration: generation) { return }
        }
    }

    /// Waits for something to do; `nil` when the server drains.
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
        switch scan(descriptor, with: buffer) {
        case .whole:
            shutdown.requestBegins()
            await answer(descriptor)
        // A new connection has a request under way, which only we can answer: nginx does not send
        // a POST again. On a kept one there may never be another.
        case .nothing where !isNew: connections.keep(descriptor)
        case .nothing, .incomplete: partialRequests.admit(descriptor)
        case .malformed(let reason):
            configuration.onEvent(.malformedRequest(reason))
            close(descriptor)
        case nil: close(descriptor)
        }
    }

    /// Answers the request that waits on a connection.
    ///
    /// Its part in `shutdown` has begun already.
    private func answer(_ descriptor: Int32) async {
        let requestIO = requestIOs.withLock { $0.popLast() } ?? RequestIO()
        if let request = requestIO.begin(on: descriptor) {
            let response = await handler(request)
            let kept = requestIO.finish(with: response, keepsConnections: !shutdown.hasBegun)
            if let kept { connections.keep(kept) }
        }
        requestIOs.withLock { $0.append(requestIO) }
        shutdown.requestEnds()
    }
}

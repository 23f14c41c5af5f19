import Settings

extension ListenAddress {
    /// The address in the form that nginx's directives `server` and `fastcgi_pass` use.
    ///
    /// The result is nil for an inherited descriptor, whose address is not known.
    var nginxTarget: String? {
        switch self {
        case .unix(let path): "unix:\(path)"
        case .tcp(let host, let port):
            (host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)").withNumericLoopback
        case .descriptor: nil
        }
    }
}

extension String {
    /// This string (a host and a port), with 127.0.0.1 in place of the host `localhost`.
    var withNumericLoopback: String {
        let name = "localhost:"
        return hasPrefix(name) ? "127.0.0.1:" + dropFirst(name.count) : self
    }
}

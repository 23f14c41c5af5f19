/// An environment in which the server starts, with changes; nil takes a variable away.
package func environment(_ changes: [String: String?] = [:]) -> [String: String] {
    var variables = ["JWT_SECRET": "your-very-secure-secret-key-here", "PATH": "/usr/bin"]
    for (name, value) in changes { variables[name] = value }
    return variables
}

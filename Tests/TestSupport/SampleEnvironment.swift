/// An environment in which the server starts, with changes; nil takes a variable away.
package func environment(_ changes: [String: String?] = [:]) -> [String: String] {
    var variables = ["JWT_SECRET": "x9Jq2mT7vB4kR8sW1nE5yU3pL6aD0cFg", "PATH": "/usr/bin"]
    for (name, value) in changes { variables[name] = value }
    return variables
}

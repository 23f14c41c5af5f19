import ArgumentParser
import Settings

/// A word in a command line that should be the name of a command and is not.
///
/// ArgumentParser suggests names of options, but not names of commands.
struct CommandTypo: Equatable, CustomStringConvertible {
    /// The name of the program and the commands that precede the word.
    let path: [String]
    let word: String
    /// The most similar command; nil if none is similar.
    let meant: String?

    /// Finds the first mistyped command; nil if no command is mistyped.
    ///
    /// - Parameter arguments: The arguments, without the name of the program.
    init?(in arguments: [String]) {
        var command: any ParsableCommand.Type = Gatehouse.self
        var path = [command._commandName]
        for word in arguments {
            let subcommands = command.configuration.subcommands
            guard !subcommands.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
            guard let next = subcommands.first(where: { $0._commandName == word }) else {
                self.path = path
                self.word = word
                meant = word.lowercased().nearest(in: subcommands.map { $0._commandName })
                return
            }
            path.append(word)
            command = next
        }
        return nil
    }

    var description: String {
        let path = path.joined(separator: " ")
        let cure = meant.map { "did you mean `\(path) \($0)`?" } ?? "`\(path) --help` lists them"
        return "\(word.quoted) is not a command of `\(path)`; \(cure)"
    }
}

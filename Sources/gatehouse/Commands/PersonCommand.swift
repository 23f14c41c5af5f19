import ArgumentParser
import Directory
import Identity
import Settings

/// The command `gatehouse person`, which adds people to the directory.
struct PersonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person",
        abstract: "Add people to the directory.",
        subcommands: [Add.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add a person.")

        @Argument(help: "The given name.")
        var firstName: String

        @Argument(help: "The family name.")
        var lastName: String

        func run() async throws {
            try await withStore(createIfMissing: true) { store, _ in
                let person = try await People(store: store).add(
                    firstName: firstName, lastName: lastName)
                print("Person \(person.id) added.")
            }
        }
    }
}

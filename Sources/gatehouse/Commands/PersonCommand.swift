import ArgumentParser
import Directory
import Identity
import Settings

/// The command `gatehouse person`, which administers the people of the directory.
struct PersonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person",
        abstract: "Add, list and remove people of the directory.",
        discussion: "Works on the database of GATEHOUSE_DATABASE, even while the server runs.",
        subcommands: [Add.self, List.self, Remove.self])

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

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List people, sorted by name.")

        @Argument(help: "Only people whose name begins like this, in either order.")
        var name = ""

        func run() async throws {
            try await withStore(createIfMissing: false) { store, _ in
                var found: [Person] = []
                var cursor: String?
                repeat {
                    guard let query = PeopleQuery(prefix: name, after: cursor, limit: 1000) else {
                        break
                    }
                    let page = try await People(store: store).page(of: query, into: [Person]()) {
                        $0.append(Person(id: $1, firstName: String($2), lastName: String($3)))
                    }
                    found += page.result
                    cursor = page.next?.text
                } while cursor != nil
                print(PersonCommand.table(of: found))
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a person.")

        @Argument(help: "The person's number, as shown by `person list`.")
        var id: Person.ID

        func run() async throws {
            try await withStore(createIfMissing: false) { store, _ in
                try await People(store: store).remove(id)
                print("Person \(id) removed.")
            }
        }
    }

    /// Formats people as a table.
    static func table(of people: [Person]) -> String {
        let rows = people.map { ["\($0.id)", cell($0.firstName), cell($0.lastName)] }
        return TextTable([["ID", "FIRST NAME", "LAST NAME"]] + rows).text
    }
}

extension String {
    /// Copies UTF-8 bytes that belong to the store.
    fileprivate init(_ bytes: Span<UInt8>) {
        self.init(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self)
    }
}

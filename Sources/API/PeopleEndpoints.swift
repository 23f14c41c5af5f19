import HTTPTypes
import Identity
import JSON

/// `/api/people`: the directory.
struct PeopleEndpoints: Sendable {
    let people: People

    func list(_ call: Call, _ caller: Caller) async throws -> Answer {
        var json = JSONWriter(capacity: 8192)
        json.append("[")
        json = try await people.reduce(into: json) { json, id, firstName, lastName in
            if json.bytes.count > 1 { json.append(",") }
            json.append(id, firstName, lastName)
        }
        json.append("]")
        return Answer(.ok, json)
    }

    func find(_ call: Call, _ caller: Caller) async throws -> Answer {
        Answer(.ok, json(try await people.find(call.person)))
    }

    func add(_ call: Call, _ caller: Caller) async throws -> Answer {
        var validation = Validation(of: call.body)
        let firstName = validation.required("firstName", rules: People.firstName.violations)
        let lastName = validation.required("lastName", rules: People.lastName.violations)
        try validation.finish()
        return Answer(
            .created, json(try await people.add(firstName: firstName, lastName: lastName)))
    }

    func rename(_ call: Call, _ caller: Caller) async throws -> Answer {
        var validation = Validation(of: call.body)
        let firstName = validation.optional("firstName", rules: People.firstName.violations)
        let lastName = validation.optional("lastName", rules: People.lastName.violations)
        try validation.finish()
        try await people.rename(call.person, firstName: firstName, lastName: lastName)
        return Answer(.noContent)
    }

    func remove(_ call: Call, _ caller: Caller) async throws -> Answer {
        try await people.remove(call.person)
        return Answer(.noContent)
    }

    private func json(_ person: Person) -> JSONWriter {
        var json = JSONWriter(capacity: 128)
        json.append(person.id, person.firstName.utf8.span, person.lastName.utf8.span)
        return json
    }
}

extension Call {
    /// The person that the path names.
    fileprivate var person: Person.ID {
        get throws {
            guard let number else { throw Refusal.personNotFound }
            return number
        }
    }
}

extension JSONWriter {
    fileprivate mutating func append(
        _ id: Person.ID, _ firstName: Span<UInt8>, _ lastName: Span<UInt8>
    ) {
        append(#"{"id":"#)
        append(number: id)
        append(#","firstName":"#)
        append(string: firstName)
        append(#","lastName":"#)
        append(string: lastName)
        append("}")
    }
}

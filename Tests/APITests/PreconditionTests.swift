import HTTPTypes
import Identity
import Testing

@testable import API

struct PreconditionTests {
    private static let changed = Reply.error(412, "Person has changed")
    private static let notFound = Reply.error(404, "Person not found")

    let service: TestService
    let john: String
    let admin: String

    init() async throws {
        service = try await TestService()
        john = try await service.logIn().access
        admin = try await service.logIn("admin@example.com").access
    }

    @Test func `each state of a person has one tag, different from all others`()
        async throws
    {
        let first = try await tag()
        #expect(first.count == 24 && first.hasPrefix("\"") && first.hasSuffix("\""))
        #expect(try await tag() == first)
        #expect(try await tag("/api/people/2") != first)

        var seen: Set = [first]
        for names in [#"{"firstName":"Johnd"}"#, #"{"firstName":"John","lastName":"dDoe"}"#] {
            _ = await service.call("PUT", "/api/people/1", token: john, json: names)
            #expect(seen.insert(try await tag()).inserted)
        }
        _ = await service.call("PUT", "/api/people/1", token: john, json: #"{"lastName":"Doe"}"#)
        #expect(try await tag() == first)
    }

    @Test func `an added person is returned with its tag`() async throws {
        let added = await service.call(
            "POST", "/api/people", token: john, json: #"{"firstName":"A","lastName":"B"}"#,
            parameters: ["HTTP_IF_NONE_MATCH": "*"])

        #expect(added.status == 201)
        #expect(added.fields[.eTag] == (try await tag("/api/people/3")))
    }

    @Test(arguments: ["/api/people/1", "/api/people?limit=1", "/api/people?q=doe"])
    func `a state that the client has is not sent again`(target: String) async throws {
        let tag = try await tag(target)
        let whole = await service.call("GET", target, token: john)

        for held in [tag, "W/\(tag)", "*", "\"x,\", ,W/\"\" ,\(tag)", "\(tag),\"y\""] {
            let reply = await get(target, ifNoneMatch: held)
            #expect((reply.status, reply.text) == (304, ""), "\(held)")
            #expect(reply.fields[.eTag] == tag)
            #expect(reply.fields[.cacheControl] == "no-store")
            #expect(reply.fields[.contentType] == nil)
            #expect(reply.link == whole.link)
        }
        let others = [
            "", "\"\"", "\"x\"", tag.replacing("\"", with: ""), "w/\(tag)", "\(tag) \(tag)",
            "\(tag)x", "\"\(tag)", "*, \(tag)", "W/ \(tag)", String(tag.dropLast()),
        ]
        for other in others {
            #expect(await get(target, ifNoneMatch: other).text == whole.text, "\(other)")
        }
    }

    @Test func `the list of all people has no tag`() async throws {
        let reply = await get("/api/people", ifNoneMatch: "*")

        #expect(reply.status == 200)
        #expect(reply.fields[.eTag] == nil)
    }

    @Test func `a change by someone else is not overwritten unnoticed`() async throws {
        let seen = try await tag()
        let mine = await put(ifMatch: seen, #"{"firstName":"Jon"}"#)
        let theirs = await put(ifMatch: seen, #"{"firstName":"Jack"}"#)
        let blind = await remove(ifMatch: seen)

        #expect((mine.status, mine.text) == (204, ""))
        #expect(theirs.text == Self.changed)
        #expect(blind.text == Self.changed)
        #expect(await service.call("GET", "/api/people/1", token: john).text.contains("Jon"))
        #expect(mine.fields[.eTag] == nil)
        #expect(await put(ifMatch: try tag(), #"{"firstName":"Jack"}"#).status == 204)
        #expect(await remove(ifMatch: "\"x\", \(try tag())").status == 204)
    }

    @Test func `a change needs a strong tag of the current state, or any tag`() async throws {
        let tag = try await tag()
        let other = try await self.tag("/api/people/2")
        for bad in ["", "\"\"", "W/\(tag)", other, "x", "\(tag) x", "\"*\"", "**"] {
            #expect(await put(ifMatch: bad, #"{"firstName":"X"}"#).text == Self.changed, "\(bad)")
            #expect(await remove(ifMatch: bad).text == Self.changed, "\(bad)")
        }
        #expect(try await self.tag() == tag)

        #expect(await put(ifMatch: "*", #"{"firstName":"X"}"#).status == 204)
        #expect(await remove(ifMatch: "*").status == 204)
        #expect(await remove(ifMatch: "*").text == Self.notFound)
        #expect(await put(ifMatch: "\"x\"", #"{"firstName":"X"}"#).text == Self.notFound)
    }

    @Test func `missing rights and violations are reported before a changed state`() async throws {
        let invalid = await put(ifMatch: "\"x\"", #"{"firstName":""}"#)
        let forbidden = await service.call(
            "DELETE", "/api/people/1", token: john, parameters: ["HTTP_IF_MATCH": "\"x\""])

        #expect(invalid.status == 400)
        #expect(forbidden.status == 403)
    }

    private func tag(_ target: String = "/api/people/1") async throws -> String {
        let reply = await service.call("GET", target, token: john)
        return try #require(reply.fields[.eTag])
    }

    private func get(_ target: String, ifNoneMatch tags: String) async -> Reply {
        await service.call(
            "GET", target, token: john, parameters: ["HTTP_IF_NONE_MATCH": tags])
    }

    private func put(ifMatch tags: String, _ json: String) async -> Reply {
        await service.call(
            "PUT", "/api/people/1", token: john, json: json, parameters: ["HTTP_IF_MATCH": tags])
    }

    private func remove(ifMatch tags: String) async -> Reply {
        await service.call(
            "DELETE", "/api/people/1", token: admin, parameters: ["HTTP_IF_MATCH": tags])
    }
}

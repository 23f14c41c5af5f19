import Cryptography
import Directory
import HTTPTypes
import Identity
import Testing

struct PeoplePagesTests {
    private static let john = #"{"id":1,"firstName":"John","lastName":"Doe"}"#
    private static let mike = #"{"id":2,"firstName":"Mike","lastName":"Clark"}"#

    let service: TestService
    let token: String

    init() async throws {
        service = try await TestService()
        token = try await service.logIn().access
    }

    @Test(arguments: [
        "", "?", "?sort=up", "?Limit=1", "?limits=x", "?page=1&limit=1", "?limit=x&page",
    ])
    func `without page parameters, all people are listed at once`(query: String) async throws {
        let reply = await get(query)

        #expect(reply.text == "[\(Self.john),\(Self.mike)]")
        #expect(reply.link == nil)
    }

    @Test func `a page says how many people there are, unless they are searched`() async throws {
        #expect(try await total("?limit=1") == "2")
        #expect(try await total("?q=&limit=1") == "2")
        #expect(try await total("?q=j&limit=1") == nil)
        #expect(try await total("") == nil)

        try await People(store: service.store).remove(1)
        #expect(try await total("?limit=1") == "1")
    }

    private func total(_ query: String) async throws -> String? {
        let name = try #require(HTTPField.Name("X-Total-Count"))
        return await get(query).fields[name]
    }

    @Test(arguments: ["?limit=1000", "?q", "?q=", "?limit=2", "?limit=002", "?%71=", "?x=1&q="])
    func `a page is sorted by last name`(query: String) async throws {
        let reply = await get(query)

        #expect(reply.status == 200)
        #expect(reply.text == "[\(Self.mike),\(Self.john)]")
        #expect(reply.link == nil)
    }

    @Test func `the Link field names the next page`() async throws {
        let first = await get("?limit=1")
        let link = try #require(first.link)
        let next = try #require(link.split(separator: ">").first?.dropFirst())

        #expect(first.text == "[\(Self.mike)]")
        #expect(link.hasPrefix("</api/people?limit=1&after="))
        #expect(link.hasSuffix(">; rel=\"next\""))
        let second = await service.call("GET", String(next), token: token)
        #expect(second.text == "[\(Self.john)]")
        #expect(second.link == nil)
    }

    @Test(arguments: [
        ("DOE", [1]), ("doe j", [1]), ("john+d", [1]), ("john%20doe", [1]), ("j", [1]),
        ("m", [2]), ("mike%2bclark", []), ("hn", []), ("doe+m", []), ("john+doe+", []),
        ("J+", []), ("john+", [1]),
    ])
    func `people are found by a prefix of their names, in either order`(
        name: String, ids: [Int]
    ) async throws {
        let rows = [1: Self.john, 2: Self.mike]

        let reply = await get("?q=\(name.replacing(" ", with: "%20"))")

        #expect(reply.text == "[\(ids.compactMap { rows[$0] }.joined(separator: ","))]")
    }

    @Test(arguments: [
        ("berg", [3]), ("der+b", [3]), ("neil+mary", [3]), ("o'n", [3]), ("ann+van", [3]),
        ("ann", [5, 3]), ("luc", [4]), ("jean", [4]), ("erg", []), ("eil", []), ("m", [3, 2]),
        ("a", [5, 3]), ("ann+b", [5]), ("b", [3, 5]),
    ])
    func `people are found by the beginning of any word, each once`(
        name: String, ids: [Int]
    ) async throws {
        try await add(first: "Mary Ann", last: "van der Berg-O'Neil")
        try await add(first: "Jean\u{2010}Luc", last: "Picard")
        try await add(first: "Ann B", last: "Ann Ann")

        for limit in [1, 2, 1000] {
            var target: Substring? = "/api/people?q=\(name)&limit=\(limit)"
            var found: [Int] = []
            while let page = target, found.count < 99 {
                let reply = await service.call("GET", String(page), token: token)
                #expect(reply.status == 200)
                found += reply.text.split(separator: #"{"id":"#).dropFirst()
                    .compactMap { Int($0.prefix { $0 != "," }) }
                target = reply.link.flatMap { $0.split(separator: ">").first?.dropFirst() }
            }
            #expect(found == ids, "\(limit)")
        }
    }

    @Test func `the Link field repeats the query, escaped`() async throws {
        for _ in 0..<2 { try await add(first: "x>\", ☃", last: "a") }

        let reply = await get("?q=x%3e%22,+%e2%98%83&limit=1")

        let link = try #require(reply.link)
        #expect(link.hasPrefix("</api/people?q=x%3E%22%2C%20%E2%98%83&limit=1&after="))
    }

    @Test(arguments: [
        ("limit=", #""limit" must be a number"#), ("limit=x", #""limit" must be a number"#),
        ("limit=1&limit=2", #""limit" must be a number"#),
        ("limit=%31", #""limit" must be a number"#), ("limit=1.5", #""limit" must be a number"#),
        ("limit=+1", #""limit" must be a number"#),
        ("limit=0", #""limit" must be greater than or equal to 1"#),
        ("limit=-99999999999999999999", #""limit" must be greater than or equal to 1"#),
        ("limit=1001", #""limit" must be less than or equal to 1000"#),
        ("limit=99999999999999999999", #""limit" must be less than or equal to 1000"#),
        ("q=%ff", #""q" must be a string"#), ("q=%", #""q" must be a string"#),
        ("q=a&q=b", #""q" must be a string"#),
        (
            "q=" + String(repeating: "a", count: 62),
            #""q" length must be less than or equal to 61 characters long"#
        ),
    ])
    func `an invalid query is refused with a reason`(query: String, words: String) async throws {
        let reply = await get("?\(query)")

        #expect(reply.status == 400)
        #expect(reply.message == "Validation failed")
        #expect(reply.text.contains(words.replacing("\"", with: #"\""#)), "\(reply.text)")
    }

    @Test func `every violation is reported at once`() async throws {
        let reply = await get("?q=%ff&after=%ff&limit=0")

        #expect(
            reply.text == """
                {"statusCode":400,"message":"Validation failed","errors":[\
                "\\"limit\\" must be greater than or equal to 1",\
                "\\"after\\" must be a string","\\"q\\" must be a string"]}
                """)
    }

    @Test(arguments: [
        "", "x", "AAAA", "AAAAAAAAAAAB", "AAAAAAAAAAAA=", "AAAAAAAAAAA", "AIAAAAAAAAABZG9l",
        "AAAAAAAAAAH_", "Af________8AZG9l", "BAAAAAAAAAABZG9l", "%00", "AQAAAAAAAAABam8",
    ])
    func `an invalid cursor is refused`(cursor: String) async throws {
        let reply = await get("?q=doe&after=\(cursor)")

        #expect(
            reply.text == """
                {"statusCode":400,"message":"Validation failed",\
                "errors":["\\"after\\" is not a cursor of this list"]}
                """)
    }

    @Test func `a cursor of another list is refused`()
        async throws
    {
        try await add(first: "Jo", last: "Dot")
        let reply = await get("?q=do&limit=1")
        let link = try #require(reply.link)
        let cursor = try #require(link.split(separator: "after=").last).prefix { $0 != ">" }

        #expect(await get("?q=do&after=\(cursor)").status == 200)
        #expect(await get("?q=d&after=\(cursor)").status == 200)
        #expect(await get("?q=DO&after=\(cursor)").status == 200)
        #expect(await get("?after=\(cursor)").status == 200)
        #expect(await get("?q=dot&after=\(cursor)").status == 400)
        #expect(await get("?q=j&after=\(cursor)").status == 400)
    }

    private func get(_ query: String) async -> Reply {
        await service.call("GET", "/api/people\(query)", token: token)
    }

    private func add(first: String, last: String) async throws {
        _ = try await People(store: service.store).add(firstName: first, lastName: last)
    }
}

extension Reply {
    /// The target of the `Link` to the next page.
    var link: String? { HTTPField.Name("Link").flatMap { fields[$0] } }

    /// The `errors` of a response.
    var message: Substring? { text.split(separator: #""message":""#).last?.prefix { $0 != "\"" } }
}

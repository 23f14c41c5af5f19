import HTTPTypes
import Identity
import Testing

/// `GET /api/users?q=`: accounts by a prefix of any word of their addresses.
struct UsersFoundTests {
    let service: TestService
    let admin: String

    init() async throws {
        service = try await TestService()
        admin = try await service.logIn("admin@example.com").access
        for email in [
            "Ann@example.com", "ann_b@example.com", "ann%c@example.com", "änn@example.com",
        ] {
            try await service.accounts.add(
                email: email, password: TestService.password, by: .stranger,
                now: Timestamp(seconds: 1))
        }
    }

    @Test(arguments: [
        ("", [2, 5, 3, 4, 1, 6]), ("ann", [5, 3, 4]), ("ANN", [5, 3, 4]), ("ann@", [3]),
        ("ann@example.com", [3]), ("ann@example.com.", []), ("nn", []), ("%C3%A4NN", [6]),
        ("%C3%84nn", []), ("a", [2, 5, 3, 4]), ("j", [1]), ("+", []),
        ("%25", []), ("ann%25", [5]), ("ann_", [4]), ("_", []), ("*", []), ("?", []), ("ann*", []),
        ("[a]", []), ("ann'", []), ("a%00", []),
        ("b@", [4]), ("C", [5, 1, 2, 3, 4, 6]), ("EXAMPLE.c", [1, 2, 3, 4, 5, 6]), ("xample", []),
    ])
    func `accounts are found by a prefix of any word, in which no character is a wildcard`(
        prefix: String, ids: [Int]
    ) async {
        let reply = await get("q=\(prefix)")

        #expect(reply.status == 200)
        #expect(reply.ids == ids)
        #expect(reply.link == nil)
    }

    @Test func `a page says how many accounts there are, unless they are searched`() async throws {
        let total = try #require(HTTPField.Name("X-Total-Count"))

        #expect(await get("limit=1").fields[total] == "6")
        #expect(await get("q=ann").fields[total] == nil)

        try await service.accounts.remove(
            email: "ann_b@example.com", by: .operator, now: Timestamp(seconds: 2))
        #expect(await get("limit=1").fields[total] == "5")
    }

    @Test func `an account in a search result has the usual members`() async {
        #expect(
            await get("q=john").text == """
                [{"id":1,"username":"john@example.com","role":"user","disabled":false,\
                "created":"1970-01-01T00:00:01.000Z"}]
                """)
    }

    @Test func `the Link field names the next page and repeats the query`() async throws {
        var target: Substring? = "/api/users?q=%61nN&limit=1"
        var ids: [[Int]] = []
        while let page = target, ids.count < 9 {
            let reply = await service.call("GET", String(page), token: admin)
            ids.append(reply.ids)
            target = reply.link.flatMap { $0.split(separator: ">").first?.dropFirst() }
            if let target { #expect(target.hasPrefix("/api/users?q=anN&limit=1&after=")) }
        }

        #expect(ids == [[5], [3], [4]])
    }

    @Test func `the list continues where it was, even if accounts are added or removed`()
        async throws
    {
        let cursor = try #require(await get("q=ann&limit=2").cursor)

        try await service.accounts.remove(
            email: "ann@example.com", by: .operator, now: Timestamp(seconds: 2))
        #expect(await get("q=ann&limit=2&after=\(cursor)").ids == [4])
        for email in ["ANN@example.com", "ann.a@example.com", "ann@z.com"] {
            try await service.accounts.add(
                email: email, password: TestService.password, by: .stranger,
                now: Timestamp(seconds: 1))
        }
        #expect(await get("q=ann&limit=2&after=\(cursor)").ids == [9, 4])
    }

    @Test func `a cursor is valid only for its own list`() async throws {
        let cursor = try #require(await get("q=an&limit=2").cursor)

        for q in ["", "a", "an", "ANN", "ann@example.com"] {
            #expect(await get("q=\(q)&after=\(cursor)").status == 200, "\(q)")
        }
        for q in ["ann_", "b", "ann@example.com."] {
            #expect(
                await get("q=\(q)&after=\(cursor)").text
                    == Self.refused(#"\"after\" is not a cursor of this list"#), "\(q)")
        }
        #expect(
            await get("after=\(cursor)").text == Self.refused(#"\"after\" must be a number"#))
    }

    @Test(arguments: ["", "x", "7", "YW5", "YW5uQA==", "YW5u+A", "_w", "%00"])
    func `an invalid cursor is refused`(cursor: String) async {
        #expect(
            await get("q=ann&after=\(cursor)").text
                == Self.refused(#"\"after\" is not a cursor of this list"#))
    }

    @Test(arguments: [
        ("q=%ff", #"\"q\" must be a string"#), ("q=%", #"\"q\" must be a string"#),
        ("q=a&q=b", #"\"q\" must be a string"#), ("q=a&after=%ff", #"\"after\" must be a string"#),
        ("q=a&limit=0", #"\"limit\" must be greater than or equal to 1"#),
        (
            "q=" + String(repeating: "a", count: 101),
            #"\"q\" length must be less than or equal to 100 characters long"#
        ),
    ])
    func `an invalid query is refused with a reason`(query: String, words: String) async {
        #expect(await get(query).text == Self.refused(words))
        #expect(await get("q=" + String(repeating: "a", count: 100)).text == "[]")
    }

    @Test func `only an administrator can search for accounts`() async throws {
        let john = try await service.logIn().access

        #expect(await service.call("GET", "/api/users?q=a").status == 401)
        #expect(await service.call("GET", "/api/users?q=a", token: john).status == 403)
    }

    private static func refused(_ words: String) -> String {
        #"{"statusCode":400,"message":"Validation failed","errors":["\#(words)"]}"#
    }

    private func get(_ query: String) async -> Reply {
        await service.call("GET", "/api/users?\(query)", token: admin)
    }
}

extension Reply {
    /// The numbers of the accounts in a list.
    fileprivate var ids: [Int] {
        text.split(separator: #"{"id":"#).dropFirst().compactMap { Int($0.prefix { $0 != "," }) }
    }

    fileprivate var cursor: Substring? {
        link?.split(separator: "after=").last?.prefix { $0 != ">" }
    }
}

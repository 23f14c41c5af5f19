import Testing

@testable import Doctor

struct HTTPResponseTests {
    @Test func `a response is parsed from the output of curl`() throws {
        let response = try #require(
            HTTPResponse(
                "HTTP/1.1 200 OK\r\nX-One: 1\r\nSet-Cookie: a=b: c\r\n\r\n{\"a\":\r\n1}\n\n"))
        #expect(response.status == 200)
        #expect(response.header("x-one") == "1")
        #expect(response.header("set-cookie") == "a=b: c")
        #expect(response.body == "{\"a\":\n1}\n\n")
        #expect(HTTPResponse("") == nil)
        #expect(HTTPResponse("hello\n\n") == nil)
    }
}

import Testing

@testable import Doctor

struct FastCGIProbeTests {
    @Test func `the status is parsed from FastCGI records`() {
        func record(_ kind: UInt8, _ text: String, padding: Int = 0) -> [UInt8] {
            [1, kind, 0, 1, 0, UInt8(text.utf8.count), UInt8(padding), 0]
                + Array(text.utf8) + [UInt8](repeating: 0, count: padding)
        }
        let response =
            record(7, "Status: 500") + record(6, "Sta", padding: 5)
            + record(6, "tus: 200 OK\r\nX: y\r\n\r\n") + record(3, "12345678")
        #expect(FastCGIProbe.status(in: response) == 200)
        #expect(FastCGIProbe.status(in: []) == nil)
        #expect(FastCGIProbe.status(in: [1, 6, 0, 1, 255, 255, 0, 0, 65]) == nil)
    }
}

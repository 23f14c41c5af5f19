import Cryptography
import Testing

struct SHA256Tests {
    /// Test vectors of NIST.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `the standard's examples come out`(text: String, hash: String) throws {
        let digits = try SHA256.hash(Array(text.utf8).span).flatMap { byte in
            [byte >> 4, byte & 15].map { String($0, radix: 16) }
        }

        #expect(digits.joined() == hash)
    }

    @Test(arguments: [1, 63, 64, 65, 1000])
    func `a hash does not depend on how its bytes are split`(piece: Int) throws {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var running = try SHA256.Running()

        var rest = bytes[...]
        while !rest.isEmpty {
            try running.add(Array(rest.prefix(piece)).span)
            rest = rest.dropFirst(piece)
        }

        #expect(try running.hash() == SHA256.hash(bytes.span))
    }
}

import Settings

/// All that the doctor has found, and what could not be looked at.
struct DoctorReport {
    private(set) var findings: [Finding] = []
    /// The names of looks by the reason why they saw nothing, in the order of the looks.
    private var unseen: [(reason: String, names: [String])] = []
    private let count: Int

    /// Looks at everything.
    init(of installation: Installation, looks: [Look] = Look.all) {
        count = looks.count
        for look in looks {
            do {
                findings += try look.at(installation).map { Finding(look.name, $0) }
            } catch {
                note(look.name, "\(error)")
            }
        }
    }

    private mutating func note(_ name: String, _ reason: String) {
        if let index = unseen.firstIndex(where: { $0.reason == reason }) {
            unseen[index].names.append(name)
        } else {
            unseen.append((reason, [name]))
        }
    }

    /// A line for each reason.
    var unseenLines: [String] {
        unseen.map { "Not looked at: \($0.names.joined(separator: ", ")): \($0.reason)." }
    }

    /// 0 where nothing is wrong, 1 where something is doubtful, 2 where something is broken.
    var status: Int32 {
        if findings.contains(where: { $0.severity == .broken }) { return 2 }
        return findings.isEmpty ? 0 : 1
    }

    /// Paragraphs for people, the broken first, and a line of counts.
    var text: String {
        let broken = findings.filter { $0.severity == .broken }
        let doubtful = findings.filter { $0.severity == .doubtful }
        let blind = unseen.reduce(0) { $0 + $1.names.count }
        let counts = """
            \(count) things to look at: \(broken.count) broken, \(doubtful.count) doubtful, \
            \(blind) not looked at.
            """
        let lines = unseenLines.isEmpty ? [] : [unseenLines.joined(separator: "\n")]
        return ((broken + doubtful).map(\.paragraph) + lines + [counts]).joined(separator: "\n\n")
    }
}

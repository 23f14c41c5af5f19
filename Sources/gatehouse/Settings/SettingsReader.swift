/// Reads settings one by one, and remembers what each is, where it came from and what is wrong.
///
/// All problems are found in one go, so that a system administrator mends them in one go.
struct SettingsReader: Sendable {
    /// Where a value came from.
    enum Source: Equatable, Sendable {
        case standard
        case environment
        case file
        case credential
        case systemd
    }

    /// A setting's effective value as `check` shows it; never a secret.
    struct Reading: Sendable {
        let setting: Setting
        var value: String
        var source: Source
    }

    /// What is set, wherever: the environment wins over the file.
    let environment: [String: String]
    let file: SettingsFile
    private let variables: [String: String]
    private(set) var readings: [Reading] = []
    private(set) var problems: [SettingIssue] = []
    private(set) var warnings: [SettingIssue] = []

    init(_ variables: [String: String], file: SettingsFile = .none) {
        self.variables = variables
        self.file = file
        environment = file.values.merging(variables) { $1 }
        problems = file.problems
        warnings = file.warnings
        refuseUnknownNames()
    }

    /// The value of a setting, which is judged wherever it came from.
    ///
    /// - Parameters:
    ///   - setting: What to read.
    ///   - standard: What holds where nothing is set, if the table says it in words.
    ///   - isShown: Whether a refused value may be shown.
    ///   - isUnsetIfEmpty: Whether an empty value is none, so that the default holds.
    ///   - parse: Makes a value of the text or says why it cannot.
    /// - Returns: nil when there is a problem, which is then noted.
    mutating func value<Value>(
        _ setting: Setting, standard: String? = nil, isShown: Bool = true,
        isUnsetIfEmpty: Bool = false, _ parse: (String) throws(InvalidValue) -> Value
    ) -> Value? {
        let given = environment[setting.name].flatMap { isUnsetIfEmpty && $0.isEmpty ? nil : $0 }
        let text = given ?? standard ?? setting.standard ?? ""
        let source = given == nil ? .standard : source(of: setting)
        do throws(InvalidValue) {
            let value = try parse(text)
            note(setting, as: text.isEmpty ? "(none)" : text.escaped, from: source)
            return value
        } catch {
            note(setting, as: isShown ? text.quoted : "(not shown)", from: source)
            refuse(setting, error.reason)
            return nil
        }
    }

    /// Where a setting that is set comes from.
    func source(of setting: Setting) -> Source {
        variables[setting.name] == nil ? .file : .environment
    }

    /// Remembers what a setting is for `check`.
    mutating func note(_ setting: Setting, as value: String, from source: Source) {
        readings.append(Reading(setting: setting, value: value, source: source))
    }

    /// Remembers a problem, which stops the start.
    mutating func refuse(_ setting: Setting, _ reason: String) {
        problems.append(SettingIssue(name: setting.name, text: reason))
    }

    /// Remembers something doubtful, which stops nothing.
    mutating func warn(_ setting: Setting, _ text: String) {
        warnings.append(SettingIssue(name: setting.name, text: text))
    }

    /// A misspelt name would leave the default in force without a word.
    private mutating func refuseUnknownNames() {
        let known = Setting.all.map(\.name)
        let unknown = environment.keys.filter { $0.hasPrefix("GATEHOUSE_") && !known.contains($0) }
        for name in unknown.sorted() {
            let nearest = name.nearest(in: known.filter { $0.hasPrefix("GATEHOUSE_") })
            let cure =
                nearest.map { "did you mean \($0)?" }
                ?? "remove it; `gatehouse check --explain` lists the settings"
            problems.append(SettingIssue(name: name.escaped, text: "is not a setting; \(cure)"))
        }
    }
}

/// Reads settings one by one, and remembers what each is, where it came from and what is wrong.
///
/// All problems are found in one go, so that a system administrator mends them in one go.
package struct SettingsReader: Sendable {
    /// Where a value came from.
    package enum Source: Equatable, Sendable {
        case defaultValue
        case environment
        case file
        case credential
        case systemd
    }

    /// A setting's effective value as `check` shows it; never a secret.
    package struct Reading: Sendable {
        package let setting: Setting
        package var value: String
        package var source: Source
    }

    /// What is set, wherever: the environment wins over the file.
    package let environment: [String: String]
    package let file: SettingsFile
    private let variables: [String: String]
    package private(set) var readings: [Reading] = []
    package private(set) var problems: [SettingIssue] = []
    package private(set) var warnings: [SettingIssue] = []

    package init(_ variables: [String: String], file: SettingsFile = .none) {
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
    ///   - defaultValue: What holds where nothing is set, if the table says it in words.
    ///   - isShown: Whether a refused value may be shown.
    ///   - isUnsetIfEmpty: Whether an empty value is none, so that the default holds.
    ///   - parse: Makes a value of the text or says why it cannot.
    /// - Returns: nil when there is a problem, which is then noted.
    package mutating func value<Value>(
        _ setting: Setting, defaultValue: String? = nil, isShown: Bool = true,
        isUnsetIfEmpty: Bool = false, _ parse: (String) throws(InvalidValue) -> Value
    ) -> Value? {
        let given = environment[setting.name].flatMap { isUnsetIfEmpty && $0.isEmpty ? nil : $0 }
        let text = given ?? defaultValue ?? setting.defaultValue ?? ""
        let source = given == nil ? .defaultValue : source(of: setting)
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
    package func source(of setting: Setting) -> Source {
        variables[setting.name] == nil ? .file : .environment
    }

    /// Remembers what a setting is for `check`.
    package mutating func note(_ setting: Setting, as value: String, from source: Source) {
        readings.append(Reading(setting: setting, value: value, source: source))
    }

    /// Remembers a problem, which stops the start.
    package mutating func refuse(_ setting: Setting, _ reason: String) {
        problems.append(SettingIssue(name: setting.name, text: reason))
    }

    /// Remembers something doubtful, which stops nothing.
    package mutating func warn(_ setting: Setting, _ text: String) {
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

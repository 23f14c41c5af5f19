/// Reads settings one by one, and records each value, its source and any problem.
///
/// Reading continues after a problem, so that an administrator sees all problems at once.
package struct SettingsReader: Sendable {
    /// The source of a value.
    package enum Source: Equatable, Sendable {
        case defaultValue
        case environment
        case file
        case credential
        case systemd
    }

    /// A setting and its effective value as `gatehouse check` shows it; a secret is never shown.
    package struct Reading: Sendable {
        package let setting: Setting
        package var value: String
        package var source: Source
    }

    /// The environment variables merged with the settings of the file.
    ///
    /// An environment variable takes precedence over the same setting in the file.
    package let environment: [String: String]
    package let file: SettingsFile
    /// The path at which the secret's file is installed; nil in the server.
    ///
    /// Other commands read this file if the secret is set nowhere else. systemd passes the file,
    /// as a credential, to the server only.
    package var installedSecret: String?
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

    /// Reads the value of a setting and records it; a default is checked like any other value.
    ///
    /// - Parameters:
    ///   - setting: The setting to read.
    ///   - defaultValue: The default, if `setting.defaultValue` only describes it in words.
    ///   - isShown: Whether `gatehouse check` may show the value if it is invalid.
    ///   - isUnsetIfEmpty: Whether an empty value counts as unset, so that the default applies.
    ///   - parse: Converts the setting's string to a value, or throws if the string is invalid.
    /// - Returns: The value, or nil if it is invalid; the reader then records the problem.
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

    /// Returns whether a setting that is set comes from the environment or from the file.
    package func source(of setting: Setting) -> Source {
        variables[setting.name] == nil ? .file : .environment
    }

    /// Records the value of a setting for `gatehouse check`.
    package mutating func note(_ setting: Setting, as value: String, from source: Source) {
        readings.append(Reading(setting: setting, value: value, source: source))
    }

    /// Records a problem, which stops the server from starting.
    package mutating func refuse(_ setting: Setting, _ reason: String) {
        problems.append(SettingIssue(name: setting.name, text: reason))
    }

    /// Records a warning, which does not stop the server from starting.
    package mutating func warn(_ setting: Setting, _ text: String) {
        warnings.append(SettingIssue(name: setting.name, text: text))
    }

    /// Records a problem for each unknown name that starts with `GATEHOUSE_`.
    ///
    /// Otherwise, if a setting's name is misspelt, its default would silently stay in force.
    private mutating func refuseUnknownNames() {
        let known = Setting.all.map(\.name)
        let unknown = environment.keys.filter { $0.hasPrefix("GATEHOUSE_") && !known.contains($0) }
        for name in unknown.sorted() {
            let nearest = name.nearest(in: known.filter { $0.hasPrefix("GATEHOUSE_") })
            let fix =
                nearest.map { "did you mean \($0)?" }
                ?? "remove it; `gatehouse check --explain` lists the settings"
            problems.append(SettingIssue(name: name.escaped, text: "is not a setting; \(fix)"))
        }
    }
}

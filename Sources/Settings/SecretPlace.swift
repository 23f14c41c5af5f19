/// A place from which the server can read the secret.
enum SecretPlace {
    case variable(String)
    case file(path: String)
    case credential(path: String)
    /// The file that systemd passes to the server as a credential, read from the path at which the
    /// file is installed.
    case installed(path: String)

    var name: String {
        switch self {
        case .variable: Setting.secret.name
        case .file: Setting.secretFile.name
        case .credential, .installed: "the systemd credential jwt_secret"
        }
    }

    func source(in reader: SettingsReader) -> SettingsReader.Source {
        switch self {
        case .variable: reader.source(of: .secret)
        case .file: .file
        case .credential, .installed: .credential
        }
    }
}

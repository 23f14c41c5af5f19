/// A place from which the server can read the secret.
enum SecretPlace {
    case variable(String)
    case file(path: String)
    case credential(path: String)

    var name: String {
        switch self {
        case .variable: Setting.secret.name
        case .file: Setting.secretFile.name
        case .credential: "the systemd credential jwt_secret"
        }
    }

    func source(in reader: SettingsReader) -> SettingsReader.Source {
        switch self {
        case .variable: reader.source(of: .secret)
        case .file: .file
        case .credential: .credential
        }
    }
}

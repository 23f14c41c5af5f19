// swift-tools-version: 6.2
// The targets form layers. A target may import only the targets in its `dependencies`.
// ARCHITECTURE.md explains why each target exists.

import PackageDescription

let package = Package(
    name: "gatehouse",
    products: [
        .executable(name: "gatehouse", targets: ["gatehouse"]),
        .library(name: "FastCGI", targets: ["FastCGI"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        .executableTarget(
            name: "gatehouse",
            dependencies: [
                "API", "Backup", "Cryptography", "Directory", "Doctor", "FastCGI", "Identity",
                "Importer", "JSON", "Metrics", "Reports", "SQLiteStore", "Settings", "SiteSetup",
                "Text", "Threads",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),

        // Reads, checks and explains the settings.
        .target(
            name: "Settings",
            dependencies: [
                "Cryptography", "Identity", .product(name: "Logging", package: "swift-log"),
            ]),

        // What the operator's commands say about accounts and events. It reads no store.
        .target(name: "Reports", dependencies: ["Identity", "Settings"]),

        // The next four targets implement the operator's tasks. They check an installation, set up
        // nginx's site, back up and restore the database, and import data.
        .target(
            name: "Doctor",
            dependencies: ["CPublicSuffix", "Identity", "JSON", "SQLiteStore", "Settings"]),
        .target(
            name: "SiteSetup",
            dependencies: ["Backup", "Cryptography", "Doctor", "EmailAddress", "Settings"]),
        .target(
            name: "Backup",
            dependencies: ["Cryptography", "Identity", "JSON", "SQLiteStore", "Settings"]),
        .target(
            name: "Importer",
            dependencies: ["Cryptography", "Directory", "Identity", "JSON", "Settings", "Text"]),

        // This layer implements the routes, bodies, cookies and responses of the HTTP contract,
        // which is the recorded API of the Express backend.
        .target(
            name: "API",
            dependencies: [
                "ContentCoding", "Directory", "FastCGI", "Identity", "JSON", "Threads", "Metrics",
                "Text",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ]),

        // The domain rules for accounts, sessions and tokens. This target must not use HTTP, SQL,
        // sockets or a clock.
        .target(
            name: "Identity",
            dependencies: [
                "Cryptography", "Directory", "EmailAddress", "JSON", "Metrics", "Text",
            ]),

        // People, the sample resource. This target knows nothing of accounts and sessions.
        .target(name: "Directory", dependencies: ["Cryptography", "Text"]),

        // Checks the syntax of e-mail addresses, and whether two spellings are the same address.
        .target(name: "EmailAddress", dependencies: ["CIDN2"]),

        .target(
            name: "SQLiteStore",
            dependencies: ["CSQLite", "Directory", "Identity", "Threads", "Metrics"],
            // Never edit a migration that has been released.
            resources: [.embedInCode("Migrations")]),
        .target(
            name: "FastCGI",
            dependencies: [
                "CFastCGI", "Threads", .product(name: "HTTPTypes", package: "swift-http-types"),
            ]),
        .target(name: "Cryptography", dependencies: ["CCrypt", "COpenSSL", "Threads", "Metrics"]),
        .target(name: "ContentCoding", dependencies: ["CBrotli", "CZlib"]),
        .target(name: "JSON"),
        .target(name: "Text"),
        .target(name: "Threads"),
        .target(name: "Metrics"),

        // One target per C library. Exactly one of the targets above imports each of them.
        .systemLibrary(
            name: "CFastCGI", pkgConfig: "fcgi", providers: [.apt(["libfcgi-dev"])]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(
            name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CCrypt", pkgConfig: "libxcrypt", providers: [.apt(["libcrypt-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CBrotli", pkgConfig: "libbrotlidec", providers: [.apt(["libbrotli-dev"])]),
        .systemLibrary(name: "CIDN2", pkgConfig: "libidn2", providers: [.apt(["libidn2-dev"])]),
        .systemLibrary(
            name: "CPublicSuffix", pkgConfig: "libpsl", providers: [.apt(["libpsl-dev"])]),

        .target(name: "SplitMix", path: "Tests/SplitMix"),
        .target(
            name: "RepeatingStore", dependencies: ["Identity"], path: "Tests/RepeatingStore"),
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .executableTarget(name: "RotationModel", path: "Tests/RotationModel"),
        .testTarget(name: "ThreadsTests", dependencies: ["Threads"]),
        .testTarget(name: "MetricsTests", dependencies: ["Metrics"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON", "SplitMix"]),
        .testTarget(name: "ContentCodingTests", dependencies: ["ContentCoding"]),
        .testTarget(
            name: "CryptographyTests", dependencies: ["Cryptography", "SplitMix", "Threads"]),
        .testTarget(name: "EmailAddressTests", dependencies: ["EmailAddress"]),
        .testTarget(
            name: "IdentityTests",
            dependencies: [
                "Cryptography", "Directory", "Identity", "Threads", "RotationModel", "SQLiteStore",
                "RepeatingStore", "SplitMix",
            ]),
        .testTarget(
            name: "DirectoryTests",
            dependencies: ["Directory", "Identity", "SQLiteStore", "Text"]),
        .testTarget(
            name: "SQLiteStoreTests",
            dependencies: [
                "Directory", "Identity", "Threads", "SQLiteStore", "RepeatingStore", "SplitMix",
            ]),
        .testTarget(
            name: "FastCGITests",
            dependencies: [
                "FastCGI", "Threads", "SplitMix",
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]),
        .testTarget(
            name: "APITests",
            dependencies: [
                "API", "Cryptography", "Directory", "FastCGI", "Identity", "JSON", "Threads",
                "SQLiteStore", "SplitMix",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "SettingsTests",
            dependencies: [
                "Cryptography", "Identity", "Settings", "SplitMix", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ]),
        .testTarget(
            name: "DoctorTests",
            dependencies: ["Doctor", "Identity", "JSON", "Settings", "TestSupport"]),
        .testTarget(name: "ReportsTests", dependencies: ["Identity", "Reports", "Settings"]),
        .testTarget(
            name: "SiteSetupTests",
            dependencies: ["Doctor", "Settings", "SiteSetup", "TestSupport"]),
        .testTarget(
            name: "BackupTests",
            dependencies: [
                "Backup", "Identity", "SQLiteStore", "Settings", "SplitMix", "TestSupport",
            ]),
        .testTarget(
            name: "ImporterTests",
            dependencies: ["Directory", "Identity", "Importer", "SplitMix"]),
        .testTarget(
            name: "GatehouseTests",
            dependencies: [
                "Backup", "Cryptography", "Directory", "Identity", "Reports", "Threads",
                "SQLiteStore", "Settings", "SplitMix", "TestSupport", "gatehouse",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),
    ]
)

for target in package.targets where [.executable, .regular, .test].contains(target.type) {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
}

import Identity
import Testing

/// What every store must do with accounts.
struct StoreAccountsTests {
    @Test(arguments: StoreFactory.all)
    func `an account is found by number and by address`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let added = try await store.write { rows in
                try rows.addAccount(
                    email: "Ann@Example.com", passwordHash: "$2b$10$hash", role: .admin,
                    createdAt: Timestamp(milliseconds: 1_700_000_000_123))
            }

            let (byID, byEmail, all) = try await store.read { rows in
                (
                    try rows.account(id: added.id), try rows.account(email: "Ann@Example.com"),
                    try rows.accounts()
                )
            }

            #expect(added.email == "Ann@Example.com")
            #expect(added.role == .admin)
            #expect(!added.isDisabled)
            #expect(added.createdAt.milliseconds == 1_700_000_000_123)
            #expect(byID == added)
            #expect(byEmail == added)
            #expect(all == [added])
        }
    }

    @Test(arguments: StoreFactory.all)
    func `addresses match without regard to ASCII case only`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            let ann = try await store.write { try $0.addSampleAccount(email: "änn@example.com") }

            let shouted = try await store.read { try $0.account(email: "äNN@EXAMPLE.COM") }
            let umlaut = try await store.read { try $0.account(email: "Änn@example.com") }

            #expect(shouted == ann)
            #expect(umlaut == nil)
        }
    }

    @Test(arguments: StoreFactory.all)
    func `an address is taken in whatever ASCII case`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            let ann = try await store.write { try $0.addSampleAccount(email: "ann@example.com") }

            await #expect(throws: AuthError.emailTaken) {
                _ = try await store.write { try $0.addSampleAccount(email: "ANN@example.com") }
            }

            #expect(try await store.read { try $0.accounts() } == [ann])
        }
    }

    @Test(arguments: StoreFactory.all)
    func `an address is taken in every spelling`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            let ann = try await store.write { try $0.addSampleAccount(email: "änn@Bücher.com") }

            for email in [
                "änn@xn--bcher-kva.com", "a\u{308}nn@bu\u{308}cher.com", "äNN@BÜCHER.com",
            ] {
                #expect(try await store.read { try $0.account(email: email) } == ann)
                await #expect(throws: AuthError.emailTaken) {
                    _ = try await store.write { try $0.addSampleAccount(email: email) }
                }
            }

            #expect(try await store.read { try $0.accounts() } == [ann])
        }
    }

    @Test(arguments: StoreFactory.all)
    func `an update stores the role and the state`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            var ann = try await store.write { try $0.addSampleAccount() }
            let bob = try await store.write { try $0.addSampleAccount(email: "bob@example.com") }
            ann.role = .admin
            ann.isDisabled = true

            try await store.write { [ann] rows in try rows.updateAccount(ann) }

            #expect(try await store.read { try $0.accounts() } == [ann, bob])
        }
    }

    @Test(arguments: StoreFactory.all)
    func `the hash of a password is stored separately, for one account`(factory: StoreFactory)
        async throws
    {
        try await factory.withStore { store in
            let ann = try await store.write { try $0.addSampleAccount() }
            let bob = try await store.write { try $0.addSampleAccount(email: "bob@example.com") }

            try await store.write { try $0.setPasswordHash("$2b$12$other", of: ann.id) }

            let hashes = try await store.read { rows in
                [try rows.passwordHash(of: ann.id), try rows.passwordHash(of: bob.id)]
            }
            #expect(hashes == ["$2b$12$other", "$2b$10$hash"])
            #expect(try await store.read { try $0.passwordHash(of: 99) } == nil)
            await #expect(throws: (any Error).self) {
                try await store.write { try $0.setPasswordHash("$2b$12$other", of: 99) }
            }
        }
    }

    @Test(arguments: StoreFactory.all)
    func `an account that does not exist cannot be updated`(factory: StoreFactory) async throws {
        try await factory.withStore { store in
            let ann = try await store.write { try $0.addSampleAccount() }
            try await store.write { try $0.removeAccount(id: ann.id) }

            await #expect(throws: (any Error).self) {
                try await store.write { try $0.updateAccount(ann) }
            }
        }
    }

    @Test(arguments: StoreFactory.all)
    func `removing an account removes its sessions and no others`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let (ann, bob) = try await store.write { rows in
                let ann = try rows.addSampleAccount(email: "ann@example.com")
                let bob = try rows.addSampleAccount(email: "bob@example.com")
                _ = try rows.addSession(.sample(id: 1, of: ann))
                _ = try rows.addSession(.sample(id: 2, of: bob))
                return (ann, bob)
            }

            try await store.write { try $0.removeAccount(id: ann.id) }

            try await store.read { (rows) throws in
                #expect(try rows.accounts() == [bob])
                #expect(try rows.session(id: 1) == nil)
                #expect(try rows.session(id: 2)?.account == bob)
            }
        }
    }

    @Test(arguments: StoreFactory.all)
    func `the number of a removed account is never used again`(
        factory: StoreFactory
    ) async throws {
        try await factory.withStore { store in
            let first = try await store.write { try $0.addSampleAccount() }
            try await store.write { try $0.removeAccount(id: first.id) }

            let second = try await store.write { try $0.addSampleAccount() }

            #expect(second.id > first.id)
        }
    }
}

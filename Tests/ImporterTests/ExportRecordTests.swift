import Directory
import Identity
import Testing

@testable import Importer

struct ExportRecordTests {
    static let hash = "$2b$10$0TgqfOswvSg9korNXM7VQO3cZGYPleLg584uZdsJHwFOnOM.LN98K"

    @Test func `an account is read from columns of any case and order`() throws {
        let account = try #require(
            try users(
                """
                RefreshToken;ROLE;Is_Disabled;E-Mail;Password Hash;createdAt;Id;updatedAt
                ey.J.x;ADMIN ;1; jane@example.de  ;\(Self.hash);2024-01-31 12:00:00.1230000 +01:00;7;
                """
            ).first)

        #expect(
            account
                == ImportedAccount(
                    email: "jane@example.de", passwordHash: Self.hash, role: .admin,
                    isDisabled: true, createdAt: Timestamp(milliseconds: 1_706_698_800_123)))
    }

    @Test func `an optional value may be missing or NULL`() throws {
        let accounts = try users(
            """
            email,password,role,disabled,createdAt
            a@example.com,\(Self.hash),user,NULL,NULL
            b@example.com,\(Self.hash),User,0,
            c@example.com,\(Self.hash),user,False,2024-01-31
            """)

        #expect(accounts.map(\.isDisabled) == [false, false, false])
        #expect(accounts.map { $0.createdAt == nil } == [true, true, false])
    }

    @Test(arguments: [
        ("nobody,\(hash),user,0", "email: the e-mail address is not valid"),
        ("a\u{0}@example.com,\(hash),user,0", "email: is not valid text"),
        (
            "\(String(repeating: "a", count: 60))@\(String(repeating: "b", count: 60)).com,\(hash),user,",
            "email: the e-mail address must have at most 100 characters"
        ),
        ("NULL,\(hash),user,0", "email: is missing or NULL"),
        ("jane@example.com,Passw0rd!,user,0", "password: is not a password hash; a password in"),
        ("jane@example.com,$2b$10$short,user,0", "password: is not a whole hash"),
        ("jane@example.com,,user,0", "password: is missing or NULL"),
        ("jane@example.com,\(hash),root,0", "role: must be user or admin"),
        ("jane@example.com,\(hash),,0", "role: is missing or NULL"),
        ("jane@example.com,\(hash),user,maybe", "disabled: must be true"),
        ("jane@example.com,\(hash),user", "has 3 fields, but the first line has 4"),
        ("jane@example.com,\(hash),user,0,1", "has 5 fields, but the first line has 4"),
        ("\"jane@example.com\"x,\(hash),user,0", "text follows a closing quote"),
    ])
    func `an error says what is wrong with a record, but not its values`(
        line: String, message: String
    ) throws {
        let (accounts, reasons) = try read("email,password,role,disabled\n\(line)\n")

        #expect(accounts.isEmpty && reasons.count == 1)
        #expect(reasons[0].contains(message), "\(reasons)")
        for secret in ["jane", "Passw0rd", "$2b$10$", "root", "maybe", "nobody"] {
            #expect(!reasons[0].contains(secret))
        }
    }

    @Test func `every error in a record is reported`() throws {
        let (_, reasons) = try read("email,password,role\nx,y,z\n")
        #expect(reasons.map { $0.prefix { $0 != ":" } } == ["email", "password", "role"])
    }

    @Test(arguments: [
        ("", "missing: email, password, role"), ("email,role\n", "missing: password"),
        ("1,jane@example.com,\(hash),user\n", "missing: email, password, role"),
        ("email,password,role,Shoe size\n", "\"Shoe size\" is unknown"),
        ("email,password,role,shoe\n", "add --ignore shoe"),
        ("email,password,role,jane@example.com\n", "a column with an unknown name"),
        ("email,password,role,jane@example.com\n", "(column 4)"),
        ("email password role\n", "sqlcmd -s"),
        ("sep=|\nemail|password|role\n", "states a separator"),
        ("email,password,role,Username\n", "two columns mean email"),
        ("email,\"password\"x,role\n", "text follows a closing quote"),
    ])
    func `wrong column names stop the import`(
        file: String, message: String
    ) throws {
        let (_, reasons) = try read(file)

        #expect(reasons.count == 1 && reasons[0].contains(message), "\(reasons)")
        #expect(!reasons[0].contains("jane") && !reasons[0].contains("$2b"))
    }

    @Test func `a column that the operator ignores is not read`() throws {
        let file = "email,password,role,Username,shoe\na@b.io,\(Self.hash),user,Jane,44\n"
        let (accounts, reasons) = try read(file, ignoring: ["user_name", "SHOE"])

        #expect(reasons.isEmpty && accounts.map(\.email) == ["a@b.io"])
    }

    @Test func `the line that sqlcmd prints below the names is not an account`() throws {
        let file = "email,password,role\n-----,--------,----\na@b.io,\(Self.hash),user\n"
        #expect(try users(file).count == 1)
        #expect(try read("email,password,role\n\n-,-,-\n-,-,-\n").1.count == 3)
    }

    @Test func `padding that sqlcmd adds is part of no value, and a padded NULL is NULL`() throws {
        let file = """
            id         ,firstName           ,lastName
            -----------,--------------------,----------
                      3,Ada                 ,Lovelace  \r
                      4,Grace               ,NULL      \r
                      5,                    ,Hopper    \r
                      6,Mary Ann            ,"  x  "

            (4 rows affected)

            """
        let (people, reasons) = try readPeople(file)

        #expect(
            people == [
                Person(id: 3, firstName: "Ada", lastName: "Lovelace"),
                Person(id: 6, firstName: "Mary Ann", lastName: "  x  "),
            ])
        #expect(
            reasons == ["lastName: is missing or NULL", "firstName: is missing or NULL"])
    }

    @Test func `blanks and a count of rows are values where no rule line stands`() throws {
        #expect(
            try readPeople("id,firstName,lastName\n3, Ada ,NULL \n").0
                == [Person(id: 3, firstName: " Ada ", lastName: "NULL ")])
        let (_, reasons) = try readPeople("id,firstName,lastName\n(1 rows affected)\n")
        #expect(reasons.count == 1 && reasons[0].contains("has 1 fields"))
    }

    @Test(arguments: [
        "id,firstName,lastName\n3,Ada,Lovelace\n,,\n , ,\n,,,,\n",
        "id;firstName;lastName;;\n3;Ada;Lovelace\n;;;;\n",
        "id,firstName,lastName,\n3,Ada,Lovelace,\n",
        "id,,firstName,\"\",lastName\n3,,Ada,,Lovelace\n",
        "sep=;\nid;firstName;lastName\n3;Ada;Lovelace\n",
        "SEP=,\r\nid,firstName,lastName\r\n3,Ada,Lovelace\r\n",
        "\"sep=;\"\nid;firstName;lastName\n3;Ada;Lovelace\n",
        "#TYPE System.Data.DataRow\n\"id\",\"firstName\",\"lastName\"\n\"3\",\"Ada\",\"Lovelace\"\n",
        "#TYPE Selected,System;Data\n\"id\";\"firstName\";\"lastName\"\n\"3\";\"Ada\";\"Lovelace\"\n",
    ])
    func `what Excel and PowerShell add to a file is no record`(file: String) throws {
        let (people, reasons) = try readPeople(file)

        #expect(people == [Person(id: 3, firstName: "Ada", lastName: "Lovelace")])
        #expect(reasons == [])
    }

    @Test func `a value in a column without a name is not dropped`() throws {
        let (people, reasons) = try readPeople("id,firstName,lastName,\n3,Ada,Lovelace,x\n")
        #expect(people == [] && reasons.count == 1)
        #expect(reasons[0].contains("column without a name"))
        #expect(try readPeople("id,firstName,lastName\n3,Ada,Lovelace,x\n").1.count == 1)
    }

    @Test func `an empty field in quotes means NULL, as Export-Csv writes it`() throws {
        let accounts = try users(
            """
            "email","password","role","disabled","createdAt"
            "a@b.io","\(Self.hash)","user","",""
            """)
        #expect(accounts.count == 1 && accounts[0].createdAt == nil && !accounts[0].isDisabled)
        #expect(
            try readPeople("id,firstName,lastName\n3,\"\",\"NULL\"\n").1
                == ["firstName: is missing or NULL"])
    }

    @Test(arguments: [
        ("3,Ada,Lovelace", [Person(id: 3, firstName: "Ada", lastName: "Lovelace")]),
        (" 3 ,\" Ada \",\"NULL\"", [Person(id: 3, firstName: " Ada ", lastName: "NULL")]),
        (
            "9007199254740991,שלום,e\u{301}",
            [Person(id: 9_007_199_254_740_991, firstName: "שלום", lastName: "e\u{301}")]
        ),
        ("0,Ada,Lovelace", []), ("-3,Ada,Lovelace", []), ("3.0,Ada,Lovelace", []),
        ("9007199254740992,Ada,Lovelace", []), ("99999999999999999999,Ada,Lovelace", []),
        ("NULL,Ada,Lovelace", []), ("3,NULL,Lovelace", []), ("3,Ada,", []), ("3,\"\",x", []),
        ("3,\(String(repeating: "x", count: 31)),Lovelace", []),
    ])
    func `a person has an id and two names`(line: String, people: [Person]) throws {
        var records = CSVRecords(
            ExportText("id,firstName,lastName\n\(line)".utf8),
            ColumnNames<PersonColumn>(ignoring: []))
        var reasons: [String] = []
        let person = try #require(try records.next()).person(&reasons)

        #expect([person].compactMap(\.self) == people)
        #expect(reasons.count == (people.isEmpty ? 1 : 0))
    }

    private func readPeople(_ file: String) throws -> ([Person], [String]) {
        var records = CSVRecords(
            ExportText(file.utf8), ColumnNames<PersonColumn>(ignoring: []))
        var people: [Person] = []
        var reasons: [String] = []
        while true {
            do {
                guard let record = try records.next() else { return (people, reasons) }
                if let person = record.person(&reasons) { people.append(person) }
            } catch let error as UnreadableRecord {
                reasons.append(error.reason)
                if error.isFinal { return (people, reasons) }
            }
        }
    }

    private func users(_ file: String) throws -> [ImportedAccount] {
        let (accounts, reasons) = try read(file)
        #expect(reasons == [])
        return accounts
    }

    private func read(
        _ file: String, ignoring ignored: [String] = []
    ) throws -> ([ImportedAccount], [String]) {
        var records = CSVRecords(
            ExportText(file.utf8), ColumnNames<UserColumn>(ignoring: ignored))
        var accounts: [ImportedAccount] = []
        var reasons: [String] = []
        while true {
            do {
                guard let record = try records.next() else { return (accounts, reasons) }
                if let account = record.account(&reasons) { accounts.append(account) }
            } catch let error as UnreadableRecord {
                reasons.append(error.reason)
                if error.isFinal { return (accounts, reasons) }
            }
        }
    }
}

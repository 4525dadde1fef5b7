import GovernorCore
import Testing

/// What earlier versions of this program wrote: every later one must read it. Nothing here is ever changed; a new format
/// version adds its own.
@Suite("Records of every version")
struct RecordFixtureTests {
    /// Ten calls of two agencies, two opt-outs.
    static let typicalVersion1 =
        "01aad71e75cde2b88e6280938ad5a104f249ff98071e9ca6cacad2f0ab8e670101b9f5a07176645a03f3f8751c656739ae1d0301"
        + "5c40960701b3d5f8020aec8ba295054247e814fd78e53a2abf3f280c71342d7465726d2d6c69666529056e6f7274682a096b6579"
        + "2d6e6f72746801072b097465726d2d6c6966652c0461636d650101010384d30e9d78e5fa8faa01399a298d2c3daea422d5d301c3"
        + "a59eaa01194ca7e17bdc84952a272d0d77696e7465722d6865616c74682e0d61746c61732d636f6e746163742f116b65792d6174"
        + "6c61732d636f6e7461637430066865616c7468cbff01f281e0ac024108ed80a323f7673b0128f58e020ce48547d0d5a1f9021e36"
        + "d1e6d7958c7e22eb840189b0ee8902dbeab6d7ff121d2022afff019ee8e5fa029ab522ad615b4f6d2a012db9a301cde395a901e8"
        + "e7c1c6419d24bd3b01289da80110d4b7469ca8f3da01dcfd6f46adfcda2822c96fbab7a9ff019e087e9d4167611e2a012dedb801"
        + "02d4ecc69d29fb398cc2ada521ea821f09f15f0696cfe1010201072a1d01010180dddb0172a1aa0af2b997af1066f0690aca543b"
        + "a10104012c1d01010184f4ee0657c5267f"

    /// Every kind of field.
    static let fullVersion1 =
        "0163cbe1e459320dd7044c3cd7f43c661ccb293e6770eb3a958488ead4ed6484c0bf95e5010440a76d853561f4e692d2510fbb0e"
        + "c12b3d0501aa1efc2902d20185d1b801e8e2b7fe8202718e9e9985f073e179dcf8ab048dcae6360301b3d5f802bab48d93c2033e"
        + "510f32ae0f3d3b771551d85573344fef020903deffeab10b7f993d77bbfd06a4c3debbb5c4acba2228067370616365347680e8bb"
        + "5b29c62dacd663310a549420ff040402ec49d547fa05fc8d03b305b3d5f80200a4b0c8c69d032906737061636533022a066c6162"
        + "656c322a0ca2a498b4dd0106f1f676b5ef00239a03bf2f2b2e63616d706169676e2d776974682d612d7261746865722d6c6f6e67"
        + "2d6e616d652dc3a4c3b6c3bc2df09f939e2d302c076167656e6379322d0763616c6c6572342e086368616e6e656c342f08707572"
        + "706f736530300870726f647563743231066272616e643402020192d0f9e4d20132086f7574636f6d65308cd9bb8cc30102330861"
        + "63636f756e743634086163636f756e74330185b1b59a04970d35e6c0e44fadaeca01f935350963616d706169676e310036087075"
        + "72706f736532370870726f647563743338087375626a6563743039066272616e64330002a1bfbab7af01e6f6b3c9e30103a84ee8"
        + "4236135348c788805756732d4e84f229b693cb4a830213bb3f6f11835e1bde15039a7548ce38e7dc6af6e9a536415c40d9289167"
        + "c5a9d8ec93d207c4139d36dab80f02bb328b3b3a0963616d706169676e343b076167656e6379312e00058d61b2cdc05a1042e5b3"
        + "b32bd5864d5b0206cdaaefd2af01a0becbd3ca0132e0c4f19e4d0108c8bfdb67512fe34814156af28f1fae01fe4ed1e503f6f048"
        + "75e7232b709702850601b305cbdbea900d2ff0e80ab1f6e084ae40d73b3c0963616d706169676e322c3d0763616c6c6572303e08"
        + "707572706f7365313f087375626a6563743340066272616e6431010107b5a8a2afe566b5f6c7d417036b4ea6e610180b125f8d7a"
        + "2f0de4c39c1fc79f472bf0cccc57b76e02041002dbcc66e02ac6925b2688d72929db498b8a99d4af971f22ff9b28fc722fd6aa01"
        + "eb3f350041086368616e6e656c30420870726f64756374340043066272616e643005654151d57ae2158d835b2da0950caa660100"
        + "00f1d3999f9301c8d0acb16302442d6163636f756e742d776974682d612d7261746865722d6c6f6e672d6e616d652dc3a4c3b6c3"
        + "bc2df09f939e2d3745086163636f756e7437c1ec89e203e56309f3859969062adf333a46076167656e6379330047086368616e6e"
        + "656c333e003101088bfda8b6a6019cda88972fcfe3819506cf6c2169799ca314b929bd3e3c482c63616c6c65722d776974682d61"
        + "2d7261746865722d6c6f6e672d6e616d652dc3a4c3b6c3bc2df09f939e2d3149086368616e6e656c31004203030004bac7ccd1bf"
        + "feb89d3ceeb6f490074a2d6f7574636f6d652d776974682d612d7261746865722d6c6f6e672d6e616d652dc3a4c3b6c3bc2df09f"
        + "939e2d30c7e7e0a0cf67034b086163636f756e7438334c086163636f756e7430a6cbd434d3056e371598e6931bf77072c5c3df71"
        + "5636a81c037e144a7b9c3044211bf3a07d0001da2e9ead99e60a7abac70fe5bf676d29bf334d0963616d706169676e30464e0763"
        + "616c6c657232474f08707572706f736533003105499743c8d1f1ecfa0a61a249ae2164da059ecd90fb12dfb5eb886c8db68c5a48"
        + "8925f0b60b4ffb9a08ff3e3550076167656e637934510763616c6c6572312e3e520870726f647563743153087375626a65637431"
        + "0100010ad5a9fdc04632f6b396e111f37bd4be6a54750bc91a397643838ed46fdd92740acfaf7aacb5bec30111aabecb86beda3f"
        + "29ff374d00540763616c6c6572332e3e552d70726f647563742d776974682d612d7261746865722d6c6f6e672d6e616d652dc3a4"
        + "c3b6c3bc2df09f939e2d3156087375626a6563743239050a45f286b9e7d38251ce3318362240f60007ffcea4d6d067f7c984d218"
        + "84c8b4d124645e72fff9be942fad08ff3b570963616d706169676e33460058086368616e6e656c3236590870726f647563743000"
        + "0001020a91cfe1a860a7cdfdaf3ab740b83d066357ee2d1ad0b215fce7e906d3d6a783c7599ac4ebb6dae6cbffff1f41570ea222"
        + "adb6a619b73700505400524305c1420f82b1fe3c9ac70d4fc16072c3c30308e9ec9898b998ffff3f5a086f7574636f6d65329583"
        + "a196eb97ffff3f0baeafafcdcf01fa27ce00c274482622708be2852b48705702548eb2d1ab4ceec5b6fd85019797f8e3132a1253"
        + "9d31639c041cc89da181b7a09ff501c4a99ffaa8011803525959015b0766616d696c79322d5c07736f7572636532595d0766616d"
        + "696c79330100dfa7c7f90800f186eca90f4ff8a16f176d9fe474195110f7059fdfe20108023059005e07736f75726365310200fa"
        + "f389f2126e634e9e6050c21a5205acf998680adcf201e4a3daa45261015f086368616e6e656c36023a600963616d706169676e37"
        + "023861087375626a65637436546207736f75726365300101052a7e16cab8bffb58cf3549a60b6c1b88acf9e89d08d82f9ff19827"
        + "626d319e74102c991ec5c701006307736f7572636533e5eaecf17002aeaaa5ba08abc3058833ef9cb220a2b7b04e2f516cf401d9"
        + "f997c93a840264066272616e6432652b6272616e642d776974682d612d7261746865722d6c6f6e672d6e616d652dc3a4c3b6c3bc"
        + "2df09f939e2d34014c662c63616c6c65722d776974682d612d7261746865722d6c6f6e672d6e616d652dc3a4c3b6c3bc2df09f93"
        + "9e2d325e00d9abfcac133d8d192528eafac8856dbf6eb79d914f53d3ef8c9f023d6708636f6e73656e74330091fa8aacf1679aab"
        + "b1df0334c45603dfea3e6671c7dc93178fc30c7385c3befd10c0033868087375626a656374345603454b454e6908636f6e73656e"
        + "74310102c3d4cacf3087c7fecc0ce92298c4f16148e991690efeb3bfcc66e8015e016a08707572706f736535026b066272616e64"
        + "3643025230026c0766616d696c79346d0766616d696c7936026e087375626a656374356f087375626a656374382d5e0115d680f1"
        + "4ee68fff3bedfebac013b4e797d0020c2f416439edf4cb25c4eef97818ac4955d393bacf5a3d526c030082f4bff40c0299d4b195"
        + "012294c600276084db857b6e085b47db536651025f70086368616e6e656c3502710766616d696c79386c026f535172066576656e"
        + "743401018188cd9ac297ffff3fb1d29c37"

    static let journalVersion1 =
        "010301020384f8b2e5bd6801aeaf52febe706064c02d8a5e87afea62090143ec2be544b589b6c8e98cd697316060bd0406023df1"
        + "e74d69e1487a03e190a303e190a303a118b5f9b78b9ff98096c9010128066c6162656c36028196bad1a30135bc82387ef9f1f5f9"
        + "02bf35290963616d706169676e312a076167656e6379322b0763616c6c6572322c086368616e6e656c342d08707572706f736530"
        + "2e2d70726f647563742d776974682d612d7261746865722d6c6f6e672d6e616d652dc3a4c3b6c3bc2df09f939e2d342f06627261"
        + "6e64310205d183aaaa9198ffff3f0230086f7574636f6d6531b1e2a6ae190103f5e7a5b309835c53aa6e9b203dae6ca3d161f76a"
        + "3153a1afc5d91a310763616c6c6572343208636f6e73656e743200000404"

    /// Spared outcomes, sources, and a touch that its fact names. Made by another program, from the description.
    static let recordVersion2 =
        "020123456789abcdeffedcba9876543210887766554433221184a0abfef96284c0ddeec10202270128066c617073656484c0"
        + "dfaf4001aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb8108290363726d0284e0e2f73904030201efbeaddebf800218010784d098"
        + "f70127c4a907298090ad93a4010700000000000000131106000edea7df7c"

    /// An identifier and a touch with sources, and touches that stay when others leave. Made in the same way.
    static let journalVersion2 =
        "0202090884f8b2e5bd680100000000000000010000000000000002060100000000000000030000000000000004a208d30f1e"
        + "0283f0b2520100000000000010af800218020884f0b25228066469616c6572048380febe8102022629066c6170736564"

    private func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.utf8.map { UInt8($0 > 0x60 ? $0 - 0x57 : $0 - 0x30) }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    @Test("version 1, a typical record")
    func typical() throws {
        let record = try PersonRecord(decoding: bytes(Self.typicalVersion1))
        #expect(record.identifiers.count == 1)
        #expect(record.identifiers[0].kind == .phone)
        #expect(record.identifiers[0].zones == [ZoneKey(name: "America/New_York")])
        #expect(record.identifiers[0].jurisdictions.map(\.description) == ["US-NY"])
        #expect(record.identifiers[0].lineType == .fixedOrMobile)
        #expect(record.touches.count == 10)
        for touch in record.touches {
            #expect(record.names.text(touch.channel) == "voice")
            #expect(record.names.text(touch.purpose) == "marketing")
            #expect(record.names.text(touch.brand) == "acme")
            #expect(["q4-term-life", "winter-health"].contains(record.names.text(touch.campaign)))
            #expect(touch.endpoint == record.identifiers[0].hash)
            #expect(touch.expiresAt == touch.recordedAt + .minutes(2))
        }
        #expect(
            record.touches.compactMap { record.names.text($0.outcome) } == ["no_answer", "conversation"])
        #expect(record.facts.count == 2)
        #expect(record.facts[0].scope.purposes == [Purpose("marketing")])
        #expect(record.facts[1].scope.brands == [Brand("acme")])
        for fact in record.facts {
            #expect(fact.body == .optOut(reach: .person, endpoints: [record.identifiers[0].hash]))
            #expect(record.names.text(fact.source) == "agent")
        }
        // Nothing in it needs a later version.
        #expect(record.encoded() == bytes(Self.typicalVersion1))
    }

    @Test("version 1, a record with everything")
    func full() throws {
        let record = try PersonRecord(decoding: bytes(Self.fullVersion1))
        #expect(record.identifiers.count == 4)
        #expect(record.touches.count == 12)
        #expect(record.facts.count == 11)
        #expect(record.names.count == 75)
        #expect(record.encoded() == bytes(Self.fullVersion1))
    }

    @Test("version 1, a journal entry")
    func journal() throws {
        let body = try JournalBody(decoding: bytes(Self.journalVersion1))
        #expect(body.entry == [1, 2, 3])
        #expect(body.changedAt == Timestamp(milliseconds: 1_795_000_000_000))
        #expect(body.changes.count == 1)
        #expect(body.changes[0].isNew)
        let kinds = body.changes[0].changes.map { change in
            switch change {
            case .identifier: "identifier"
            case .touch: "touch"
            case .fact: "fact"
            case .forgetTouches: "forget"
            case .merge: "merge"
            case .erase: "erase"
            }
        }
        #expect(kinds == ["identifier", "touch", "fact", "forget"])
        #expect(body.encoded() == bytes(Self.journalVersion1))
    }

    @Test("version 2, a record")
    func recordOfVersion2() throws {
        let created = Timestamp(milliseconds: 1_700_000_000_000)
        let record = try PersonRecord(decoding: bytes(Self.recordVersion2))
        #expect(record.id == PersonID(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210))
        #expect(record.version == 0x1122_3344_5566_7788)
        #expect(record.createdAt == created)
        #expect(record.historyFrom == created + .days(500))
        #expect(
            record.spared == [
                SparedOutcome("deceased", from: .distantPast), SparedOutcome("lapsed", from: created + .days(100)),
            ])
        #expect(record.identifiers.map { record.names.text($0.source) } == ["crm"])
        let touch = try #require(record.touches.first)
        #expect(touch.state == .external)
        #expect(touch.id.bits == 0xdead_beef_0102_0304)
        #expect(touch.factID == FactID(touch.id.bits))
        #expect(touch.recordedAt == touch.at + .days(3) && touch.expiresAt == touch.recordedAt)
        #expect(touch.outcome == "deceased" && touch.outcomeAt == touch.at + .minutes(1))
        #expect(record.names.text(touch.source) == "crm")
        #expect(record.touches[1].factID == nil && record.touches[1].source.isNone)
        #expect(record.lastDecisionAt == created + .days(600) + Milliseconds(5))
        #expect(record.encoded() == bytes(Self.recordVersion2))
    }

    @Test("version 2, a journal entry")
    func journalOfVersion2() throws {
        let now = Timestamp(milliseconds: 1_795_000_000_000)
        let body = try JournalBody(decoding: bytes(Self.journalVersion2))
        #expect(body.entry == [9, 8])
        #expect(body.changedAt == now)
        let changes = try #require(body.changes.first).changes
        guard changes.count == 3, case .identifier(let identifier) = changes[0], case .touch(let touch) = changes[1]
        else {
            Issue.record("\(changes)")
            return
        }
        #expect(body.names.text(identifier.source) == "web" && identifier.addedAt == now - .seconds(1))
        #expect(body.names.text(touch.source) == "dialer" && touch.recordedAt == now)
        #expect(touch.factID == FactID(touch.id.bits))
        #expect(changes[2] == .forgetTouches(before: now - .days(400), sparing: ["attorney", "lapsed"]))
        #expect(body.encoded() == bytes(Self.journalVersion2))
    }
}

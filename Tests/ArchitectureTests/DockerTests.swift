import Foundation
import Testing
import Yams

/// No container engine runs where tests run, so the files in `docker/` are checked for what can be read from them.
@Suite struct DockerTests {
    static let files = Repository.files(in: "docker", ending: ".yaml")

    private func document(_ path: String) throws -> [String: Any] {
        try #require(try Yams.load(yaml: Repository.text(path)) as? [String: Any], "\(path) is no mapping")
    }

    @Test func everyFileParses() throws {
        #expect(Self.files.count >= 5)
        for path in Self.files { _ = try document(path) }
        for path in Repository.files(in: "docker", ending: ".json") {
            _ = try JSONSerialization.jsonObject(with: Data(Repository.text(path).utf8))
        }
    }

    @Test(arguments: ["docker/compose.yaml", "docker/compose.cluster.yaml"])
    func whatServicesNameExists(path: String) throws {
        let compose = try document(path)
        let services = try #require(compose["services"] as? [String: [String: Any]])
        let volumes = try #require(compose["volumes"] as? [String: Any])
        #expect(services.keys.filter { $0.hasPrefix("governor-") }.count == 2)
        for (name, service) in services {
            let image = try #require(service["image"] as? String, "\(name) has no image")
            #expect(image == "governor" || image.contains(":") && !image.hasSuffix(":latest"), "\(name): \(image)")
            for mount in service["volumes"] as? [String] ?? [] {
                let source = try #require(mount.split(separator: ":").first.map(String.init))
                if source.hasPrefix(".") {
                    let file = Repository.root.appending(path: "docker/\(source)").path(percentEncoded: false)
                    #expect(FileManager.default.fileExists(atPath: file), "\(name) mounts \(source)")
                } else {
                    #expect(volumes.keys.contains(source), "\(name) mounts \(source)")
                }
            }
            let needed = service["depends_on"] as? [String: Any] ?? [:]
            #expect(needed.keys.allSatisfy { services.keys.contains($0) }, "\(name) needs \(needed.keys)")
            guard name.hasPrefix("redis") else { continue }
            // As the operations guide asks.
            let command = try #require(service["command"] as? [String])
            for (flag, value) in [("--maxmemory-policy", "noeviction"), ("--appendonly", "yes")] {
                let i = try #require(command.firstIndex(of: flag), "\(name) lacks \(flag)")
                #expect(command[i + 1] == value)
            }
            #expect(command.contains("--maxmemory"))
        }
        // Every secret comes from the environment, and nothing starts without it.
        let text = try Repository.text(path)
        let example = try Repository.text("docker/example.env")
        for match in text.matches(of: /\$\{([A-Z_]+)(:\?)?/) {
            #expect(match.2 != nil, "\(match.1) may be empty")
            #expect(example.contains("\n\(match.1)="), "example.env lacks \(match.1)")
        }
    }

    @Test func theImageIsSmallAndRunsAsNobody() throws {
        let lines = try Repository.text("docker/Dockerfile").split(separator: "\n").map(String.init)
        let stages = lines.filter { $0.hasPrefix("FROM ") }
        #expect(stages.count == 2 && stages[0].hasSuffix(" AS build") && stages[1].hasSuffix("-slim"))
        let last = try #require(lines.lastIndex { $0.hasPrefix("FROM ") })
        let final = lines[last...]
        #expect(final.contains { $0.hasPrefix("HEALTHCHECK ") })
        let user = try #require(final.first { $0.hasPrefix("USER ") })
        #expect(!user.contains("root") && !user.hasPrefix("USER 0"))
        // The packages that `make setup` installs to build are those that the image builds with.
        let setup = try Repository.text("Scripts/setup.sh")
        let wanted = try #require(setup.firstMatch(of: /(?m)^build="([^"]*)"/)).1.split(separator: " ")
        let text = lines[..<last].joined(separator: "\n")
        for package in wanted where package != "tzdata" { #expect(text.contains(package), "no \(package)") }
    }
}

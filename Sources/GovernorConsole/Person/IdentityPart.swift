import GovernorCore
import GovernorPages
import GovernorRuntime

/// Who is who: several persons behind what was typed, and merges that can be taken back.
struct IdentityPart {
    let reader: Reader
    let frame: Frame
    /// The person's page.
    let path: String
    let view: PersonView

    /// What was typed belongs to several persons: somebody who knows may say that they are one, or that they are not.
    @HTMLBuilder var conflict: HTML {
        let groups = view.groups
        if groups.count > 1 {
            section(Attribute("class", "notice hold"), Attribute("id", "conflict")) {
                h2 { reader(PersonWords.severalKnown, ["count": reader.number(groups.count)]) }
                p { reader(PersonWords.severalKnownText) }
                ul {
                    for group in groups {
                        li {
                            a(.path("href", "\(frame.root)/person/\(group[0].id.hexadecimal)")) { words(group) }
                        }
                    }
                }
                if groups.count <= Merge.personsMax {
                    p { reader(IdentityWords.mergeLead) }
                    decide("merge") {
                        div(Attribute("class", "field")) {
                            label(Attribute("for", "merge-note")) { reader(IdentityWords.mergeWhy) }
                            input(
                                "text", Attribute("id", "merge-note"), Attribute("name", "note"),
                                Attribute("maxlength", "400"), Attribute("autocomplete", "off"))
                        }
                        button { reader(IdentityWords.mergeButton) }
                    }
                    if reader.isAuditor {
                        decide("apart") {
                            HTML.element("button", [Attribute("class", "quiet")]) { reader(IdentityWords.apartButton) }
                        }
                    }
                }
            }
        }
    }

    private func words(_ group: [PersonRecord]) -> String {
        let first = group.map(\.createdAt).min() ?? reader.now
        return reader(
            IdentityWords.group,
            [
                "id": String(group[0].id.hexadecimal.prefix(8)), "date": reader.date(first),
                "count": reader.number(group.reduce(0) { $0 + $1.identifiers.count }),
            ])
    }

    private func decide(_ action: String, @HTMLBuilder _ content: () -> HTML) -> HTML {
        form(post: "\(path)/\(action)", Attribute("class", "decide")) {
            frame.token
            input("hidden", Attribute("name", "fact"), Attribute("value", RandomText.hexadecimal(words: 2)))
            input(
                "hidden", Attribute("name", "persons"),
                Attribute("value", view.groups.map { $0[0].id.hexadecimal }.joined(separator: " ")))
            ContactFields.hidden(view.contact)
            content()
        }
    }

    /// Every merge that made her one person, or did until it was taken back.
    @HTMLBuilder var merges: HTML {
        let merges = view.merges
        if !merges.isEmpty {
            section(Attribute("class", "card"), Attribute("aria-labelledby", "merges")) {
                h2(Attribute("id", "merges")) { reader(IdentityWords.mergesTitle) }
                ul(Attribute("class", "plain")) {
                    for (merge, names) in merges {
                        li {
                            told(merge, names)
                            if merge.isInForce, reader.isAuditor {
                                form(post: path + "/undo") {
                                    frame.token
                                    input(
                                        "hidden", Attribute("name", "merge"),
                                        Attribute("value", MergeName(merge).description))
                                    ContactFields.hidden(view.contact)
                                    HTML.element("button", [Attribute("class", "quiet")]) {
                                        reader(IdentityWords.undoButton)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    @HTMLBuilder private func told(_ merge: Merge, _ names: NameTable) -> HTML {
        let who = names.text(merge.caller.name) ?? reader(FrameWords.unknown)
        span {
            reader(
                IdentityWords.merged,
                ["count": reader.number(merge.persons.count), "date": reader.moment(merge.at), "who": who])
        }
        if let undoneAt = merge.undoneAt {
            let who = names.text(merge.undoneBy.name) ?? reader(FrameWords.unknown)
            span(Attribute("class", "small soft")) {
                " · " + reader(IdentityWords.undone, ["date": reader.moment(undoneAt), "who": who])
            }
        }
    }

    /// The form that makes a link to her own page; nothing is sent by us.
    @HTMLBuilder var link: HTML {
        section(Attribute("class", "card"), Attribute("aria-labelledby", "own-page")) {
            h2(Attribute("id", "own-page")) { reader(IdentityWords.linkTitle) }
            if let address = view.contact.flatMap({ $0.email ?? $0.phone }) {
                p { reader(IdentityWords.linkLead, ["address": address]) }
                form(post: path + "/link") {
                    frame.token
                    ContactFields.hidden(view.contact)
                    HTML.element("button", [Attribute("class", "quiet")]) { reader(IdentityWords.linkButton) }
                }
            } else {
                p(Attribute("class", "soft")) { reader(IdentityWords.linkNoAddress) }
            }
        }
    }
}

extension PersonView {
    /// The records by person: those that were merged together.
    var groups: [[PersonRecord]] {
        let first = records.persons
        return records.indices.filter { first[$0] == $0 }.map { leader in
            records.indices.filter { first[$0] == leader }.map { records[$0] }
        }
    }

    /// Every merge that a record remembers, newest first.
    var merges: [(merge: Merge, names: NameTable)] {
        var seen: Set<FactID> = []
        return records.flatMap { record in record.merges.map { ($0, record.names) } }
            .sorted { $0.0.at > $1.0.at }.filter { seen.insert($0.0.id).inserted }
    }
}

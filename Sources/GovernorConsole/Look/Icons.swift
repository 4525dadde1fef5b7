import GovernorPages

/// Small pictures, drawn by hand: each verdict has a shape of its own, so that colour is never needed to tell them apart.
enum Icon: String, CaseIterable {
    case yes, later, no
    case person, overview, policies, check, decisions, shadow, guards, registries
    case optOuts = "optouts"
    case search, phone, message, mail, bell, letter, inbound, fact, clock, mark

    /// Lines within 24 by 24.
    private var path: StaticString {
        switch self {
        case .yes: "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19Zm-4.6 9.8 3.2 3.2 6-6.6"
        case .later: "M12 3 1.8 20.6h20.4L12 3Zm0 6.2v5.2m0 2.7v.4"
        case .no: "M7.9 2.5h8.2l5.4 5.4v8.2l-5.4 5.4H7.9l-5.4-5.4V7.9l5.4-5.4ZM7.5 12h9"
        case .person: "M12 12a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4Zm-8 8.4c.6-4 3.8-6 8-6s7.4 2 8 6"
        case .overview: "M4 20V11m5.3 9V4m5.4 16v-7M20 20V8"
        case .policies: "M6 3h9l4 4v14H6V3Zm3 7h7M9 14h7M9 18h4"
        case .check: "M4 5h16M4 10h8M4 15h6m3 2 2.6 2.6L21 13.5"
        case .decisions: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.8-1.7L21 21"
        case .shadow: "M12 3a9 9 0 1 0 0 18V3Zm3 1.2v15.6M18 6.2v11.6"
        case .guards: "M3 17a9 9 0 0 1 18 0M12 17l4.6-5.4M6.5 17h1m9 0h1"
        case .registries: "M4 6c0-4 16-4 16 0v12c0 4-16 4-16 0V6Zm0 0c0 4 16 4 16 0M4 12c0 4 16 4 16 0"
        case .optOuts: "M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19ZM5.4 5.4l13.2 13.2"
        case .search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.8-1.7L21 21"
        case .phone:
            "M6 3h3.4l1.6 4.6-2.2 1.7a13 13 0 0 0 5.9 5.9l1.7-2.2L21 14.6V18c0 1.7-1.3 3-3 3C10 21 3 14 3 6c0-1.7 1.3-3 3-3Z"
        case .message: "M4 4.5h16v11.5H11l-4.5 4v-4H4V4.5Zm4 4h8m-8 3.5h5"
        case .mail: "M3 5.5h18v13H3v-13Zm0 1 9 7 9-7"
        case .bell: "M6 17V10.5a6 6 0 0 1 12 0V17l2 1.5H4L6 17Zm4 4h4"
        case .letter: "M4 4h16v16H4V4Zm10 3h3v4h-3V7ZM7 13h6m-6 3h4"
        case .inbound: "M20 4 9 15m0-7v7h7M4 20h16"
        case .fact: "M5 21V4h12l-2.5 4 2.5 4H5"
        case .clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4.5V12l3.2 2.2"
        case .mark: "M12 2.5 20 5.6v5.6c0 5-3.3 8.7-8 10.3-4.7-1.6-8-5.3-8-10.3V5.6l8-3.1ZM8.4 11.8l2.6 2.6 4.8-5.2"
        }
    }

    /// The picture; it says nothing by itself, so words stand beside it.
    func html(_ size: String = "icon") -> HTML {
        HTML.element(
            "svg", [Attribute("class", size), Attribute("aria-hidden", "true"), Attribute("focusable", "false")]
        ) { HTML.element("use", [Attribute("href", "#i-\(rawValue)")]) }
    }

    /// Every picture once, for `html` to point to.
    static let sprite: HTML = HTML.element(
        "svg", [Attribute("class", "sprite"), Attribute("aria-hidden", "true"), Attribute("focusable", "false")]
    ) {
        for icon in allCases {
            HTML.element(
                "symbol", [Attribute("id", "i-\(icon.rawValue)"), Attribute("viewBox", "0 0 24 24")]
            ) { HTML.element("path", [Attribute("d", "\(icon.path)")]) }
        }
    }

    /// The picture of the tab, as a file.
    static let file =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><path d=\"\(Icon.mark.path)\" fill=\"#0b5c6b\" "
        + "stroke=\"#fff\" stroke-width=\"1.8\" stroke-linejoin=\"round\" stroke-linecap=\"round\"/></svg>"

    /// The picture of a channel.
    static func channel(_ name: String) -> Icon {
        switch name {
        case "voice": .phone
        case "email": .mail
        case "push": .bell
        case "mail": .letter
        default: .message
        }
    }
}

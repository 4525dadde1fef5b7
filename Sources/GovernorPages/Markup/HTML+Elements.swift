/// The elements that our pages use, so that they read like the page.
public func main(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("main", attributes, content)
}

public func header(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("header", attributes, content)
}

public func nav(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("nav", attributes, content)
}

public func footer(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("footer", attributes, content)
}

public func section(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("section", attributes, content)
}

public func div(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("div", attributes, content)
}

public func span(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("span", attributes, content)
}

public func h1(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("h1", attributes, content)
}

public func h2(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("h2", attributes, content)
}

public func h3(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("h3", attributes, content)
}

public func p(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("p", attributes, content)
}

public func strong(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("strong", attributes, content)
}

public func code(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("code", attributes, content)
}

public func a(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("a", attributes, content)
}

public func ul(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("ul", attributes, content)
}

public func ol(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("ol", attributes, content)
}

public func li(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("li", attributes, content)
}

public func dl(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("dl", attributes, content)
}

public func dt(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("dt", attributes, content)
}

public func dd(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("dd", attributes, content)
}

public func table(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("table", attributes, content)
}

public func caption(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("caption", attributes, content)
}

public func thead(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("thead", attributes, content)
}

public func tbody(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("tbody", attributes, content)
}

public func tr(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("tr", attributes, content)
}

public func th(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("th", attributes, content)
}

public func td(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("td", attributes, content)
}

/// A form; what it changes, it sends by POST.
public func form(
    post path: String, _ attributes: Attribute..., @HTMLBuilder content: () -> HTML
) -> HTML {
    .element("form", [.path("action", path), Attribute("method", "post")] + attributes, content)
}

/// A form that only asks.
public func form(
    get path: String, _ attributes: Attribute..., @HTMLBuilder content: () -> HTML
) -> HTML {
    .element("form", [.path("action", path), Attribute("method", "get")] + attributes, content)
}

public func fieldset(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("fieldset", attributes, content)
}

public func legend(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("legend", attributes, content)
}

public func label(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("label", attributes, content)
}

public func select(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("select", attributes, content)
}

public func option(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("option", attributes, content)
}

public func button(_ attributes: Attribute..., @HTMLBuilder content: () -> HTML) -> HTML {
    .element("button", attributes, content)
}

public func input(_ type: StaticString, _ attributes: Attribute...) -> HTML {
    .void("input", [Attribute("type", "\(type)")] + attributes)
}

public func br() -> HTML { .void("br") }

"""Uses the console and people's own pages in a headless Chromium as people do, holds every page against axe-core, and
keeps pictures.

    journeys.py GOVERNOR PICTURES [AXE]

Exits with 1 when something is not as it should be.
"""
import os, sys

from browser import KEY, Browser, Server, expect, faults, wait


def sign_in(server, browser):
    browser.open(server.page("/sign-in"))
    browser.type("#key", KEY)
    browser.click("form button.broad")
    wait(lambda: browser.all("nav.menu"), "the menu")


def look_up(server, browser, text):
    browser.open(server.page("/person"))
    browser.type("#q", text)
    browser.click("form.search button")
    wait(lambda: browser.all("#answer"), "the answer")
    expect("555" not in browser.address(), "a number stands in the address")


def opt_out(server, browser):
    sign_in(server, browser)
    browser.open(server.page("/person"))
    browser.run("document.activeElement.blur()")
    browser.press("/")
    expect(browser.run("return document.activeElement.id") == "q", "a slash does not find the search field")
    look_up(server, browser, "+1 (212) 555-0133")
    expect(browser.text("#answer") == "Yes, now", "somebody unknown has no answer")
    browser.run("document.activeElement.blur()")
    browser.press("o")
    browser.type("#opt-out-note", "never again")
    browser.click("#act-opt-out button.stop")
    wait(lambda: browser.all(".notice.done"), "the confirmation")
    expect("by any channel" in browser.text(".notice.done blockquote"), "no sentence to read back")
    expect(browser.text("#answer") == "No", "the opt-out does not bind")
    asked = {"contact": {"phone": "+12125550133"}, "channel": "sms", "purpose": "survey", "reserve": False}
    expect(server.post("/v1/decisions", asked)["verdict"] == "deny", "the opt-out does not bind dialers")


def on_a_phone_without_script(server, browser):
    browser.size(360)
    browser.script(False)
    sign_in(server, browser)
    look_up(server, browser, "+1 212 555 0134")
    browser.click("#act-complaint summary")
    browser.type("#complaint-note", "too many calls")
    browser.click("#act-complaint form button")
    wait(lambda: browser.all(".notice.done"), "the confirmation")
    expect("recorded your complaint" in browser.text(".notice.done"), "the complaint is not read back")


def a_session_ends(server, browser):
    sign_in(server, browser)
    look_up(server, browser, "+1 212 555 0135")
    browser.click("#act-complaint summary")
    note = 'she said "stop" & <hung up>'
    browser.type("#complaint-note", note)
    browser.send("DELETE", "/cookie")
    browser.click("#act-complaint form button")
    wait(lambda: browser.all("#key"), "the sign-in")
    expect("Nothing was recorded" in browser.text("main"), "the page does not say that nothing was recorded")
    browser.type("#key", KEY)
    browser.click("form button.broad")
    wait(lambda: note in browser.text("main"), "what was typed")
    browser.click("main form button")
    wait(lambda: browser.all(".notice.done"), "the confirmation")


def a_policy_is_typed(server, browser):
    sign_in(server, browser)
    browser.open(server.page("/check"))
    browser.paste("#policy", "policy: x\nrules:\n  - { id: a, kind: frequency_cap, limitt: 3 }\n")
    wait(lambda: "limitt" in browser.text("#result"), "the findings")
    browser.paste("#policy", "# five megabytes of nothing\n" * 190_000)
    browser.click("form[data-check] button")
    wait(lambda: "That is too long" in browser.text("main"), "the bound")


def two_are_one(server, browser):
    for i, key in enumerate(["crm:501", "crm:502"]):
        server.post("/v1/links", {"id": f"two{i}", "contact": {"phone": f"+1 212 555 014{i}", "ids": [key]}})
    server.post("/v1/opt-outs", {"id": "two", "contact": {"ids": ["crm:502"]}})
    sign_in(server, browser)
    look_up(server, browser, "+1 212 555 0140; crm:502")
    expect("2 different people" in browser.text("#conflict"), "a conflict is not shown")
    browser.type("#merge-note", "the same birthday and street")
    browser.click("#conflict .decide button")
    wait(lambda: "one person now" in browser.text(".notice.done"), "the merge")
    expect(not browser.all("#conflict"), "a merged person is still in conflict")
    look_up(server, browser, "+1 212 555 0140")
    expect(browser.text("#answer") == "No", "the other record's no does not bind")
    browser.click("section[aria-labelledby=merges] button")
    wait(lambda: "Taken back" in browser.text(".notice.done"), "the undoing")
    expect(browser.text("#answer") == "Yes, now", "a merge is not undone")
    expect("taken back" in browser.text("section[aria-labelledby=merges]"), "the undoing is not shown")


def she_gets_a_link(server, browser):
    sign_in(server, browser)
    look_up(server, browser, "ana@example.com")
    browser.click("section[aria-labelledby=own-page] button")
    wait(lambda: browser.all(".notice.done blockquote"), "the link")
    url = browser.text(".notice.done blockquote")
    message = browser.run("return document.querySelector('.notice.done a').href")
    expect(message.startswith("mailto:ana") and "?body=http" in message, f"no message: {message}")
    browser.open(url)
    expect(browser.text("h1") == "Your choices", "the link does not lead to her page")


def a_dossier(server, browser):
    sign_in(server, browser)
    look_up(server, browser, "+1 212 555 0100")
    page = browser.later("const done = arguments[0];"
                         "fetch(document.querySelector('a[href$=dossier]').href).then(async answer =>"
                         " done([answer.status, answer.headers.get('content-disposition'), await answer.text()]))")
    expect(page[0] == 200 and "attachment" in page[1], f"no dossier: {page[:2]}")
    expect("stop-keyword" in page[2] and "555" not in page[2], "the dossier does not tell what she said, or tells too much")


def a_decision_is_explained(server, browser):
    sign_in(server, browser)
    browser.open(server.page("/decisions"))
    browser.type("#who", "+1 212 555 0112")
    browser.click("main form button")
    wait(lambda: browser.all("tbody th a"), "the records")
    expect("555" not in browser.address(), "a number stands in the address")
    expect("denied" in browser.text("tbody"), "a denial is not found by the person's number")
    browser.open(server.page("/decisions?campaign=win-back&verdict=deny"))
    browser.click("tbody th a")
    wait(lambda: browser.all(".rule"), "the rule")
    expect("At most 1 voice call for marketing in any 24 hours." in browser.text("main"), "the rule is not explained")


def every_page(server, browser, pictures, checker):
    sign_in(server, browser)
    look_up(server, browser, "+1 212 555 0100; ana@example.com")
    pages = [("person", browser.address())] + [
        (path.strip("/").split("?")[0], server.page(path)) for path in
        ["/overview", "/person", "/decisions?campaign=win-back", "/policies", "/check", "/shadow", "/guards", "/registries",
         "/opt-outs", "/settings", "/nothing"]]
    for width, scheme in [(1280, "light"), (360, "dark")]:
        browser.size(width, scheme)
        for i, (name, url) in enumerate(pages):
            name = f"{'search' if name == 'person' and i else name}-{width}-{scheme}"
            browser.open(url)
            browser.looks_right(name, pictures, checker)


def verdict(server, email, purpose):
    return server.post("/v1/decisions", {
        "contact": {"email": email}, "channel": "email", "purpose": purpose, "brand": "acme", "reserve": False})["verdict"]


def preference_page(server, email):
    return server.post("/v1/preference-links", {"contact": {"email": email}, "brand": "acme"})["url"]


def unsubscribe_page(server, email):
    made = server.post("/v1/unsubscribe-links", {
        "contact": {"email": email}, "scope": {"channels": ["email"], "purposes": ["marketing"]}})
    return made["url"]


def she_chooses(server, browser, email):
    browser.size(360)
    browser.open(preference_page(server, email))
    expect(browser.text("h1") == "Your choices", "the page of choices has another title")
    browser.click("input[name=may][value='email:marketing']")
    browser.click("form button:not(.stop)")
    wait(lambda: "in force now" in browser.text(".notice.done"), "the confirmation")
    expect(verdict(server, email, "marketing") == "deny", "a choice does not bind")
    expect(verdict(server, email, "service") == "allow", "a choice binds more than it says")
    expect(not browser.all("input[name=may][value='email:marketing']:checked"), "a choice is not shown")
    browser.click("input[name=may][value='email:marketing']")
    browser.click("form button:not(.stop)")
    wait(lambda: verdict(server, email, "marketing") == "allow", "the yes")
    browser.click("button.stop")
    wait(lambda: verdict(server, email, "service") == "deny", "the end of everything")
    wait(lambda: browser.all("h1") and not browser.all("input[name=may]:checked"), "a page without ticks")


def she_chooses_on_her_phone(server, browser):
    she_chooses(server, browser, "bea@example.com")


def she_chooses_without_script(server, browser):
    browser.script(False)
    she_chooses(server, browser, "cleo@example.com")


def a_link_in_a_mail(server, browser):
    browser.script(False)
    browser.size(360)
    browser.open(unsubscribe_page(server, "dora@example.com"))
    expect(verdict(server, "dora@example.com", "marketing") == "allow", "opening a link unsubscribes")
    browser.click("button.stop")
    wait(lambda: browser.all(".notice.done"), "the confirmation")
    expect(verdict(server, "dora@example.com", "marketing") == "deny", "the button does not unsubscribe")


def peoples_pages(server, browser, pictures, checker):
    long = "a-brand-with-a-very-long-name-that-does-not-break-anywhere"
    eve = {"email": "eve@example.com"}
    server.post("/v1/touches", {
        "id": "e1", "contact": eve, "channel": "email", "purpose": "marketing", "outcome": "delivered", "brand": long})
    server.post("/v1/opt-outs", {"id": "e2", "contact": eve, "scope": {"brands": ["zenith"]}})
    pages = [("preferences", preference_page(server, eve["email"])),
             ("unsubscribe", unsubscribe_page(server, eve["email"])),
             ("no-such-link", server.url("/u/nothing"))]
    for width, scheme in [(1280, "light"), (360, "dark")]:
        browser.size(width, scheme)
        for name, url in pages:
            name = f"{name}-{width}-{scheme}"
            browser.open(url)
            browser.looks_right(name, pictures, checker)
            small = browser.run(
                "return [...document.querySelectorAll('button, label.choice')]"
                ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.textContent)")
            expect(small == [], f"{name}: too small for a finger: {small}")
            loaded = browser.run("return performance.getEntriesByType('resource').map(e => e.name)")
            others = [url for url in loaded if not url.startswith(server.url("/"))]
            expect(others == [], f"{name} loads from elsewhere: {others}")


def main():
    binary, pictures = sys.argv[1], sys.argv[2]
    checker = open(sys.argv[3]).read() if len(sys.argv) > 3 and os.path.exists(sys.argv[3]) else None
    if not checker:
        print("without axe-core: accessibility is not checked")
    os.makedirs(pictures, exist_ok=True)
    server = Server(binary)
    browser = Browser()
    try:
        ana = {"phone": "+1 212 555 0100", "email": "ana@example.com", "ids": ["crm:8841"]}
        for i, (agency, channel, outcome) in enumerate([("north", "voice", "no_answer"), ("south", "sms", "delivered")]):
            server.post("/v1/touches", {
                "id": f"t{i}", "contact": ana, "channel": channel, "purpose": "marketing", "agency": agency,
                "campaign": "q4-term-life", "outcome": outcome, "brand": "acme"})
        server.post("/v1/holdings", {"id": "h", "contact": ana, "product": "household", "status": "active"})
        server.post("/v1/opt-outs", {"id": "o", "contact": ana, "scope": {"channels": ["sms"]}, "source": "stop-keyword"})
        for i in range(60):
            server.post("/v1/decisions", {
                "contact": {"phone": f"+1 212 555 0{110 + i % 30}" if i % 30 < 20 else f"+1 212 555 0{160 + i % 30}"},
                "channel": "voice", "purpose": "marketing", "campaign": "win-back" if i % 3 == 0 else "q4-term-life"})
        for journey in [opt_out, on_a_phone_without_script, a_session_ends, a_policy_is_typed, two_are_one,
                        she_gets_a_link, a_dossier, a_decision_is_explained, every_page, she_chooses_on_her_phone, she_chooses_without_script, a_link_in_a_mail,
                        peoples_pages]:
            browser.script(True)
            browser.size(1280)
            browser.open(server.page("/sign-in"))
            browser.send("DELETE", "/cookie")
            name = journey.__name__.replace("_", " ")
            further = (pictures, checker) if journey in (every_page, peoples_pages) else ()
            before = len(faults)
            try:
                journey(server, browser, *further)
            except (AssertionError, RuntimeError, IndexError) as error:
                expect(False, f"{name}: {error!r}")
            print(f"{'✔' if len(faults) == before else '✘'} {name}")
    finally:
        browser.close()
        server.close()
    sys.exit(1 if faults else 0)


main()

"""Uses the console in a headless Chromium as people do, looks at every page with axe-core, and keeps pictures.

    browser.py GOVERNOR PICTURES [AXE]

Starts a server over a temporary folder and drives Debian's chromium by chromedriver (W3C WebDriver). Exits with 1 when
something is not as it should be.
"""
import base64, json, os, re, socket, subprocess, sys, tempfile, time, urllib.error, urllib.request

POLICY = """policy: house
rules:
  - id: one-call-a-day
    kind: frequency_cap
    scope: { channels: [voice], purposes: [marketing] }
    limit: 1
    window: PT24H
    because: We have already called you in the last 24 hours.
  - id: three-a-week
    kind: frequency_cap
    scope: { purposes: [marketing] }
    limit: 3
    window: { local_days: 7 }
    because: You have heard from us three times in the last seven days.
  - id: weekdays
    kind: contact_hours
    mode: shadow
    scope: { channels: [voice] }
    open: { weekdays: ["09:00-18:00"] }
    because: We call on working days.
  - { id: said-no, kind: opt_out, except: [transactional, stop_confirmation], because: You asked us not to. }
"""
KEY = "key-of-the-console-check"
faults = []


def expect(condition, what):
    if not condition:
        faults.append(what)
        print("✘ " + what)


def wait(condition, what, seconds=15):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except Exception:  # The page is on its way to another one.
            pass
        time.sleep(0.03)
    raise AssertionError(what + " did not come")


class Server:
    def __init__(self, binary):
        self.folder = tempfile.TemporaryDirectory()
        path = self.folder.name
        os.mkdir(path + "/policies")
        open(path + "/policies/house.yaml", "w").write(POLICY)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = open(path + "/log", "w")
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", f"127.0.0.1:{self.port}", "--data", path + "/data", "--policies", path + "/policies"],
            env=os.environ | {"GOVERNOR_ADMIN_KEY": KEY}, stdout=self.log, stderr=self.log)
        wait(lambda: urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz").status == 200, "the server")

    def post(self, path, body):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode(),
            {"authorization": "Bearer " + KEY, "content-type": "application/json"})
        for attempt in range(20):
            try:
                return json.load(urllib.request.urlopen(request))
            except urllib.error.HTTPError as error:
                # The disk was slower than a decision may wait.
                if error.code != 503 or attempt == 19:
                    raise RuntimeError(error.read()[:300])
                time.sleep(0.1)

    def page(self, path):
        return f"http://127.0.0.1:{self.port}/console{path}"

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


class Browser:
    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        log = self.folder.name + "/log"
        self.process = subprocess.Popen(["chromedriver", "--port=0"], stdout=open(log, "w"), stderr=subprocess.STDOUT)
        wait(lambda: re.search(r"successfully on port (\d+)", open(log).read()), "chromedriver")
        port = re.search(r"successfully on port (\d+)", open(log).read())[1]
        self.base = f"http://127.0.0.1:{port}/session"
        options = {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                            "--hide-scrollbars", "--lang=en-US", f"--user-data-dir={self.folder.name}/profile"]}
        made = self.send("POST", "", {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}})
        self.base += "/" + made["sessionId"]

    def send(self, method, path, body=None):
        request = urllib.request.Request(
            self.base + path, None if body is None else json.dumps(body).encode(),
            {"content-type": "application/json"}, method=method)
        try:
            return json.load(urllib.request.urlopen(request, timeout=60))["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read()[:300])

    def all(self, selector):
        found = self.send("POST", "/elements", {"using": "css selector", "value": selector})
        return [next(iter(element.values())) for element in found]

    def open(self, url): self.send("POST", "/url", {"url": url})
    def address(self): return self.send("GET", "/url")
    def text(self, selector): return self.send("GET", f"/element/{self.all(selector)[0]}/text")
    def click(self, selector): self.send("POST", f"/element/{self.all(selector)[0]}/click", {})
    def type(self, selector, text): self.send("POST", f"/element/{self.all(selector)[0]}/value", {"text": text})
    def run(self, script, *arguments): return self.send("POST", "/execute/sync", {"script": script, "args": arguments})
    def later(self, script): return self.send("POST", "/execute/async", {"script": script, "args": []})
    def chrome(self, name, **values): return self.send("POST", "/goog/cdp/execute", {"cmd": name, "params": values})
    def script(self, is_on): self.chrome("Emulation.setScriptExecutionDisabled", value=not is_on)

    def press(self, key):
        steps = [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self.send("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": steps}]})

    def paste(self, selector, text):
        self.run("const e=document.querySelector(arguments[0]);e.value=arguments[1];"
                 "e.dispatchEvent(new Event('input',{bubbles:true}))", selector, text)

    def size(self, width, scheme="light"):
        self.chrome("Emulation.setDeviceMetricsOverride", width=width, height=740 if width < 500 else 860,
                    deviceScaleFactor=1, mobile=width < 500)
        self.chrome("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, path):
        data = self.chrome("Page.captureScreenshot", format="png")["data"]
        open(path, "wb").write(base64.b64decode(data))

    def close(self):
        try:
            self.send("DELETE", "")
        finally:
            self.process.terminate()
            self.process.wait()


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
        ["/overview", "/person", "/decisions?campaign=win-back", "/policies", "/check", "/shadow", "/registries",
         "/opt-outs", "/settings", "/nothing"]]
    for width, scheme in [(1280, "light"), (360, "dark")]:
        browser.size(width, scheme)
        for i, (name, url) in enumerate(pages):
            name = f"{'search' if name == 'person' and i else name}-{width}-{scheme}"
            browser.open(url)
            browser.picture(f"{pictures}/{name}.png")
            wider = browser.run("const e=document.documentElement;return e.scrollWidth-e.clientWidth")
            expect(wider <= 0, f"{name} is {wider} pixels wider than its window")
            weight = browser.run(
                "return performance.getEntriesByType('navigation')[0].encodedBodySize+performance"
                ".getEntriesByType('resource').reduce((a,r)=>a+r.encodedBodySize,0)")
            expect(weight < 100_000, f"{name} weighs {weight} bytes")
            if checker:
                browser.run(checker)
                found = browser.later(
                    "const done=arguments[0];axe.run(document,{runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']})"
                    ".then(r=>done(r.violations.map(v=>v.id+': '+v.nodes.map(n=>n.target).join(' '))))")
                expect(found == [], f"{name}: {found}")


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
        for journey in [opt_out, on_a_phone_without_script, a_session_ends, a_policy_is_typed, a_decision_is_explained,
                        lambda s, b: every_page(s, b, pictures, checker)]:
            browser.script(True)
            browser.size(1280)
            browser.open(server.page("/sign-in"))
            browser.send("DELETE", "/cookie")
            name = getattr(journey, "__name__", "").replace("_", " ").replace("<lambda>", "every page")
            before = len(faults)
            try:
                journey(server, browser)
            except (AssertionError, RuntimeError, IndexError) as error:
                expect(False, f"{name}: {error!r}")
            print(f"{'✔' if len(faults) == before else '✘'} {name}")
    finally:
        browser.close()
        server.close()
    sys.exit(1 if faults else 0)


main()

"""A governor over a temporary folder, and a headless Chromium driven by chromedriver (W3C WebDriver)."""
import base64, json, os, re, socket, subprocess, tempfile, time, urllib.error, urllib.request

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
  - id: pace
    kind: campaign_guard
    scope: { channels: [voice], purposes: [marketing] }
    attempts: 200
    window: PT1H
    because: This campaign has made as many calls as it may.
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
            env=os.environ | {"GOVERNOR_ADMIN_KEY": KEY, "GOVERNOR_PUBLIC_URL": f"http://127.0.0.1:{self.port}"}, stdout=self.log, stderr=self.log)
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

    def url(self, path): return f"http://127.0.0.1:{self.port}{path}"
    def page(self, path): return self.url("/console" + path)

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

    def looks_right(self, name, pictures, checker):
        """Keeps a picture of the page, and holds it against its window, its weight and the rules of accessibility."""
        self.picture(f"{pictures}/{name}.png")
        wider = self.run("const e=document.documentElement;return e.scrollWidth-e.clientWidth")
        expect(wider <= 0, f"{name} is {wider} pixels wider than its window")
        weight = self.run(
            "return performance.getEntriesByType('navigation')[0].encodedBodySize+performance"
            ".getEntriesByType('resource').reduce((a,r)=>a+r.encodedBodySize,0)")
        expect(weight < 100_000, f"{name} weighs {weight} bytes")
        if checker:
            self.run(checker)
            found = self.later(
                "const done=arguments[0];axe.run(document,{runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']})"
                ".then(r=>done(r.violations.map(v=>v.id+': '+v.nodes.map(n=>n.target).join(' '))))")
            expect(found == [], f"{name}: {found}")

    def close(self):
        try:
            self.send("DELETE", "")
        finally:
            self.process.terminate()
            self.process.wait()

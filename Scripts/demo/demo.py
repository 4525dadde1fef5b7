"""The story of one customer, five agencies and a bought list, told by a running governor.

Starts the governor on an empty store in a temporary folder, asks the questions of the story over its API and prints what
it answers. Exits 1 when an answer is not the one that the story needs.
"""

import concurrent.futures
import datetime
import http.client
import json
import os
import pathlib
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
BINARY = os.environ.get("GOVERNOR_BINARY", str(HERE.parent.parent / ".build/release/governor"))
ADMIN = secrets.token_urlsafe(24)
COLOURED = sys.stdout.isatty() and "NO_COLOR" not in os.environ
SPELLINGS = ["+12125550100", "+1 212 555 0100", "(212) 555-0100", "212-555-0100", "212.555.0100", "1-212-555-0100",
             "+1 (212) 555 0100", "tel:+1-212-555-0100", "2125550100", "011 1 212 555 0100", "+1.212.555.0100",
             "  212 555 0100 "]
unexpected = []


def colour(text, code):
    return f"\033[{code}m{text}\033[0m" if COLOURED else text


def say(text=""):
    print(text, flush=True)


def title(number, text):
    say()
    say(colour(f"{number}. {text}", "1"))


class Caller:
    """One caller with a key of its own and a connection that it keeps."""

    def __init__(self, port, name, key):
        self.name, self.key = name, key
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def send(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        data = json.loads(answer.read())
        if answer.status != 200:
            raise SystemExit(f"demo: {method} {path} was answered {answer.status}: {json.dumps(data, indent=2)}")
        return data

    def ask(self, phone, product, channel="voice", **more):
        contact = {"phone": phone, "country": "US"}
        if channel == "email":
            contact["email"] = "ana@example.com"
        return self.send("POST", "/v1/decisions", {"contact": contact, "channel": channel, "purpose": "marketing",
                                                   "product": product, "brand": "acme", **more})


def when(instant):
    if not instant:
        return None
    moment = datetime.datetime.fromisoformat(instant.replace("Z", "+00:00"))
    return moment.strftime("%a %d %b %Y %H:%M:%S UTC")


def show(question, decision, expected, code=None):
    """Prints one question with its verdict, reasons and next instant."""
    verdict = decision["verdict"]
    say(f"  {question:<58} {colour(verdict, '32' if verdict == 'allow' else '31')}")
    for reason in decision["reasons"]:
        say(f"      {reason['code']:<18} {reason['message']}")
    if verdict == "deny":
        moment = when(decision["next_allowed_at"])
        basis = {"act": "never by waiting; only an act of hers can change it", "never": "never",
                 "horizon": "not within 400 days"}
        say(f"      {'next':<18} {moment or basis.get(decision['next_basis'], decision['next_basis'])}")
    codes = [reason["code"] for reason in decision["reasons"]]
    if verdict != expected or code and code not in codes:
        unexpected.append(f"{question}: expected {expected} {code or ''}, got {verdict} {codes}")
    return decision


def tell(port, callers):
    compliance = callers["compliance"]
    agencies = [callers[name] for name in ("north", "south", "east", "west", "harbour")]
    ana, ben = "+1 212 555 0100", "+1 646 555 0142"

    title(1, "Ana bought term life weeks ago; the insurer's system says so once.")
    compliance.send("POST", "/v1/holdings", {"id": "contract-5521", "contact": {"phone": ana}, "product": "term-life",
                                             "family": "life", "status": "active", "source": "contracts"})
    say("  holding recorded: term-life, active")

    title(2, "Five agencies want to sell it to her, all within a second.")
    for agency in agencies:
        show(f"{agency.name}: call Ana about term life?", agency.ask(ana, "term-life"), "deny", "holding.present")

    title(3, "Then all five try health cover. One gets through, and that is all for today.")
    allowed = None
    for agency in agencies:
        decision = agency.ask(ana, "health")
        show(f"{agency.name}: call Ana about health cover?", decision, "deny" if allowed else "allow",
             "cap.reached" if allowed else None)
        allowed = allowed or decision["reservation"]
    mail = agencies[4].ask(ana, "health", channel="email")
    show("harbour: then an e-mail about health cover?", mail, "allow")

    title(4, "On the phone she says that she is not interested.")
    agencies[0].send("POST", f"/v1/reservations/{allowed['id']}/confirm", {})
    agencies[0].send("POST", f"/v1/reservations/{allowed['id']}/outcome", {"outcome": "refused"})
    show("south: call Ana about health cover?", agencies[1].ask(ana, "health", reserve=False), "deny", "cool_off.active")

    title(5, "She has had enough: never again. The agent presses one button.")
    answer = callers["agent"].send("POST", "/v1/opt-outs", {
        "id": "never-again", "contact": {"phone": ana, "email": "ana@example.com"}, "source": "agent"})
    say(f"  opt-out recorded; reservations revoked at once: {len(answer['revoked'])}")
    if mail["reservation"]["id"] not in answer["revoked"]:
        unexpected.append("the e-mail's reservation was not revoked")
    show("harbour: may the e-mail that we were given still go out?",
         agencies[4].send("POST", f"/v1/reservations/{mail['reservation']['id']}/confirm", {}), "deny")
    show("west: call Ana about health cover?", agencies[3].ask(ana, "health"), "deny", "opt_out.active")

    title(6, "A new agency uploads a bought list. Ana stands in it twelve times.")
    items = [{"contact": {"phone": spelling, "country": "US"}, "channel": "voice", "purpose": "marketing",
              "product": "health", "brand": "acme"} for spelling in SPELLINGS]
    decisions = callers["newcomer"].send("POST", "/v1/decisions/batch", {"requests": items})["decisions"]
    for spelling, decision in zip(SPELLINGS, decisions):
        reasons = ", ".join(reason["code"] for reason in decision.get("reasons", []))
        say(f"  {spelling!r:<24} {colour(decision.get('verdict', '?'), '31')}   {reasons or decision.get('detail')}")
        if decision.get("verdict") != "deny" or "opt_out.active" not in reasons:
            unexpected.append(f"the spelling {spelling!r} got {decision}")

    title(7, "Ben has had two of three contacts this week. Two dialers race for the last one.")
    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.timezone.utc)
    for number in (2, 3):
        compliance.send("POST", "/v1/touches", {
            "id": f"ben-{number}", "contact": {"phone": ben}, "channel": "voice", "purpose": "marketing",
            "at": (now - number * day).isoformat(timespec="milliseconds"), "outcome": "no_answer"})
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        racing = [pool.submit(callers[name].ask, ben, "health") for name in ("north", "south")]
        answers = [race.result() for race in racing]
    for name, decision in zip(("north", "south"), answers):
        show(f"{name}: call Ben about health cover?", decision, decision["verdict"])
    if sorted(answer["verdict"] for answer in answers) != ["allow", "deny"]:
        unexpected.append("the race was not won by exactly one")


def main():
    if not os.access(BINARY, os.X_OK):
        raise SystemExit(f"demo: {BINARY} is not there; `make build` makes it")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="governor-demo-") as folder:
        data = ["--data", folder]
        log = open(f"{folder}/log", "w+")
        began = time.monotonic()
        server = subprocess.Popen(
            [BINARY, "serve", "--listen", f"127.0.0.1:{port}", "--store", f"sqlite:{folder}/people.db", "--policies",
             str(HERE / "policies"), *data],
            env={**os.environ, "GOVERNOR_ADMIN_KEY": ADMIN}, stdout=log, stderr=log)
        try:
            admin = Caller(port, "admin", ADMIN)
            wait_until_ready(server, port, log)
            callers = {"admin": admin}
            for name, role in [("compliance", "compliance"), ("agent", "agent"), ("north", "dialer"), ("south", "dialer"),
                               ("east", "dialer"), ("west", "dialer"), ("harbour", "dialer"), ("newcomer", "dialer")]:
                added = subprocess.run([BINARY, "keys", "add", "--role", role, "--agency", name, *data],
                                       capture_output=True, text=True)
                found = re.findall(r"[A-Za-z0-9_.-]{24,}", added.stdout)
                if added.returncode or not found:
                    raise SystemExit(f"demo: no key for {name}: {added.stdout}{added.stderr}")
                callers[name] = Caller(port, name, found[-1])
            wait_for_keys(callers)
            tell(port, callers)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
    say()
    say(f"Told in {time.monotonic() - began:.1f} seconds.")
    for line in unexpected:
        print(f"demo: not as told: {line}", file=sys.stderr)
    return 1 if unexpected else 0


def wait_until_ready(server, port, log):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        if server.poll() is not None:
            break
        time.sleep(0.02)
    log.seek(0)
    raise SystemExit("demo: the governor did not start:\n" + log.read())


def wait_for_keys(callers):
    """A key made beside a running server is known to it within a second."""
    deadline = time.monotonic() + 10
    for caller in callers.values():
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", caller.connection.port, timeout=5)
            connection.request("GET", "/v1/reservations?state=open", headers={"Authorization": f"Bearer {caller.key}"})
            if connection.getresponse().status != 401:
                break
            if time.monotonic() > deadline:
                raise SystemExit(f"demo: the key of {caller.name} is not accepted")
            time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main())

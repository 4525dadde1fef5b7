"""The governor beside its yardsticks, in one run on one machine.

Needs the release binary (GOVERNOR_BINARY), nginx and clang. From the environment: ROUNDS, SECONDS (per measurement),
PEOPLE, TOUCHES (per person), HOT (people that the load is about), REPLAYED (decisions),
ONLY (`load`, `memory`, `redis`, `doors`, `lists`, `registry`, `evaluation` or `workbench`).

Every round measures nginx, checks, reservations, batches and SQLite one after the other, so that a slower moment of
the machine meets all of them; figures are medians over the rounds, ratios are medians of the rounds' own ratios.
"""

import atexit
import http.client
import json
import os
import pathlib
import platform
import random
import re
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BINARY = os.environ.get("GOVERNOR_BINARY", str(ROOT / ".build/release/governor"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = float(os.environ.get("SECONDS", "4"))
PEOPLE = int(os.environ.get("PEOPLE", "1000000"))
TOUCHES = int(os.environ.get("TOUCHES", "10"))
HOT = min(int(os.environ.get("HOT", "50000")), PEOPLE)
REPLAYED = int(os.environ.get("REPLAYED", "2000000"))
ONLY = os.environ.get("ONLY", "")
LEDGER_CHECKS = os.environ.get("GOVERNOR_LEDGER_CHECKS", "denies")
WORK = pathlib.Path(os.environ.get("BENCH_FOLDER", ROOT / ".build" / "bench"))
KEY = "bench-" + secrets.token_urlsafe(24)
CONNECTIONS = 32
# What an allowed decision looks like on the wire, within a few bytes.
NGINX_BODY = json.dumps({
    "decision_id": "0123456789abcdef0123456789abcdef", "verdict": "allow", "reasons": [],
    "next_allowed_at": "2026-11-21T16:02:11.250Z", "next_basis": "time",
    "reservation": None, "remaining": [{"rule": "bench/week", "left": 892}], "obligations": [], "shadow": [],
    "policy_revision": "0123456789ab", "evaluated_at": "2026-11-21T16:02:11.250Z"})


def say(text=""):
    print(text, flush=True)


def fail(text):
    print(f"bench: {text}", file=sys.stderr)
    sys.exit(1)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def phone(index):
    """The number of the index-th person: a possible one of North America."""
    areas = (212, 213, 214, 215, 216, 301, 302, 303, 305, 310, 312, 313, 314, 315, 316, 401, 402, 404, 405, 406,
             407, 408, 409, 410, 412, 413, 414, 415, 417, 419, 501, 502, 503, 504, 505, 507, 508, 509, 510, 512,
             513, 515, 516, 517, 518, 601, 602, 603, 605, 606)
    return f"+1{areas[index % 50]}{2000000 + index // 50 * 7}"


running = []


@atexit.register
def stop_what_runs():
    """A failure leaves no server behind."""
    for child in running:
        if child.poll() is None:
            child.terminate()


class Process:
    """A server under measurement, with what the kernel knows of it."""

    def __init__(self, arguments, environment=None, log=None):
        self.log = open(log, "ab") if log else subprocess.DEVNULL
        self.child = subprocess.Popen(
            arguments, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL, stdout=self.log,
            stderr=self.log)
        running.append(self.child)

    def children(self):
        listed = subprocess.run(["pgrep", "-P", str(self.child.pid)], capture_output=True, text=True).stdout.split()
        return [self.child.pid] + [int(pid) for pid in listed]

    def processor_seconds(self):
        """User and system time of the process and its children so far."""
        user = system = 0
        for pid in self.children():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            user, system = user + int(fields[11]), system + int(fields[12])
        tick = os.sysconf("SC_CLK_TCK")
        return user / tick, system / tick

    def memory(self, field="VmRSS"):
        """Bytes resident now, or at most with `VmHWM`."""
        status = pathlib.Path(f"/proc/{self.child.pid}/status").read_text()
        return int(re.search(rf"{field}:\s+(\d+) kB", status).group(1)) * 1024

    def stop(self):
        self.child.send_signal(signal.SIGTERM)
        try:
            self.child.wait(60)
        except subprocess.TimeoutExpired:
            self.child.kill()
            fail("a server did not stop within a minute")


class Governor(Process):
    def __init__(self, data, environment=None, policies=HERE / "policies", store=None):
        self.port = free_port()
        self.data = data
        data.mkdir(parents=True, exist_ok=True)
        begin = time.monotonic()
        super().__init__(
            [BINARY, "serve", "--listen", f"127.0.0.1:{self.port}", "--store", store or f"sqlite:{data / 'people.db'}",
             "--policies", str(policies), "--data", str(data), "--event-loops", "1",
             "--ledger-checks", LEDGER_CHECKS],
            {"GOVERNOR_ADMIN_KEY": KEY, **(environment or {})}, log=WORK / "governor.log")
        while True:
            try:
                if self.get("/readyz")[0] == 200:
                    break
            except OSError:
                pass
            if self.child.poll() is not None:
                fail(f"the governor ended with {self.child.returncode}:\n" + tail(WORK / "governor.log"))
            if time.monotonic() - begin > 120:
                fail("the governor was not ready within two minutes:\n" + tail(WORK / "governor.log"))
            time.sleep(0.005)
        self.started_in = time.monotonic() - begin

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def ledger(self):
        """Records, groups and bytes on disk since the start, from the metrics."""
        found = {}
        for line in self.get("/metrics")[1].splitlines():
            match = re.match(r"governor_ledger_(records|groups|bytes)(?:_total)?(?:\{[^}]*\})? ([0-9.e+]+)$", line)
            if match:
                found[match.group(1)] = found.get(match.group(1), 0) + float(match.group(2))
        if set(found) != {"records", "groups", "bytes"}:
            fail(f"/metrics does not tell what the ledger wrote; found {sorted(found)}")
        return found

    def metric(self, name):
        match = re.search(rf"^{name} ([0-9.e+]+)$", self.get("/metrics")[1], re.MULTILINE)
        return float(match.group(1)) if match else 0

    def settled_ledger(self):
        """The same once nothing is added any more, so that a measurement does not pay for the one before."""
        before = self.ledger()
        for _ in range(200):
            time.sleep(0.05)
            now = self.ledger()
            if now == before:
                return now
            before = now
        return before


def tail(path, count=15):
    return "\n".join(path.read_text(errors="replace").splitlines()[-count:])


def compile_tools():
    clang = shutil.which("clang") or str(pathlib.Path(shutil.which("swift")).resolve().parent / "clang")
    for arguments in (["-o", "load", "load.c"], ["-o", "commit", "commit.c", "-lsqlite3", "-lpthread"],
                      ["-shared", "-fPIC", "-o", "allocations.so", "allocations.c"]):
        named = [str(WORK / a) if a in ("load", "commit", "allocations.so") else
                 str(HERE / a) if a.endswith(".c") else a for a in arguments]
        subprocess.run([clang, "-O2", *named], check=True)


def start_nginx():
    port, folder = free_port(), WORK / "nginx"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nginx.conf").write_text(f"""
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off; keepalive_requests 1000000000; keepalive_timeout 1h;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location / {{ default_type application/json; return 200 '{NGINX_BODY}'; }}
    }}
}}
""")
    server = Process(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "error.log")],
                     log=folder / "output.log")
    server.port = port
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.02)
    fail("nginx did not start:\n" + tail(folder / "output.log"))


def request(index, reserve):
    return {"contact": {"phone": phone(index), "country": "US", "region": "NY", "party": "consumer"},
            "channel": "voice", "purpose": "marketing", "campaign": "q4-term-life", "subject": "life cover",
            "product": "term-life", "brand": "acme", "method": "live", "reserve": reserve, "hold_for": "PT2M",
            "ref": f"call-{index}"}


def write_bodies():
    order = list(range(HOT))
    random.Random(7).shuffle(order)
    for name, reserve in (("check", False), ("reserve", True)):
        with open(WORK / f"{name}.ndjson", "w") as file:
            for index in order:
                file.write(json.dumps(request(index, reserve)) + "\n")
        with open(WORK / f"{name}-batch.ndjson", "w") as file:
            for start in range(0, HOT - HOT % 100, 100):
                items = [request(index, reserve) for index in order[start:start + 100]]
                file.write(json.dumps({"requests": items}) + "\n")


def load(server, path, bodies, connections=CONNECTIONS, rate=0, seconds=None):
    user, system = server.processor_seconds()
    ran = subprocess.run(
        [str(WORK / "load"), str(server.port), path, KEY, str(WORK / f"{bodies}.ndjson"), str(connections),
         str(seconds or SECONDS), str(rate)], capture_output=True, text=True)
    if ran.returncode > 1 or ran.returncode < 0:
        fail(f"load on {path} failed:\n{ran.stdout}{ran.stderr}")
    result = json.loads(ran.stdout)
    if result["status_other"]:
        say(f"  {path}, {bodies}: {result['status_other']} of {result['answers']} answers were not 200, the first:")
        say("    " + ran.stderr.replace("\n", "\n    "))
        result["per_second"] *= 1 - result["status_other"] / result["answers"]
    user_after, system_after = server.processor_seconds()
    share = 1e6 / max(result["answers_total"], 1)
    result["user_us"], result["system_us"] = (user_after - user) * share, (system_after - system) * share
    return result


def measured(governor, results, name, path, bodies, per_request=1, **options):
    """One measurement, with what of the ledger was written for it."""
    before = governor.settled_ledger()
    result = load(governor, path, bodies, **options)
    after = governor.settled_ledger()
    decisions = result["answers_total"] * per_request
    result["per_second"] *= per_request
    result["user_us"], result["system_us"] = result["user_us"] / per_request, result["system_us"] / per_request
    result["ledger"] = {key: after[key] - before[key] for key in after}
    result["ledger_share"] = result["ledger"]["records"] / max(decisions, 1)
    if result["allow_share"] < 1:
        # The policies deny nobody, so these are answers that the store gave too late.
        say(f"  {name}: only {result['allow_share']:.1%} of the decisions were allowed; deadlines missed so far: "
            f"{governor.metric('governor_deadline_misses_total'):,.0f}")
    results.setdefault(name, []).append(result)
    return result


def run_load(governor, nginx):
    results = {}
    half = None
    load(governor, "/v1/decisions", "check", seconds=max(2, HOT / 20000))
    for number in range(ROUNDS):
        say(f"round {number + 1} of {ROUNDS}")
        results.setdefault("nginx", []).append(load(nginx, "/v1/decisions", "check"))
        check = measured(governor, results, "check", "/v1/decisions", "check")
        reserve = measured(governor, results, "reserve", "/v1/decisions", "reserve")
        measured(governor, results, "check batch", "/v1/decisions/batch", "check-batch", 100, connections=4)
        measured(governor, results, "reserve batch", "/v1/decisions/batch", "reserve-batch", 100, connections=4)
        half = half or round(check["per_second"] / 2)
        results.setdefault("nginx half", []).append(load(nginx, "/v1/decisions", "check", rate=half))
        measured(governor, results, "check half", "/v1/decisions", "check", rate=half)
        written = reserve["ledger"]
        group = max(1, round(written["records"] / max(written["groups"], 1)))
        size = max(16, round(written["bytes"] / max(written["records"], 1)))
        file = WORK / "commit.sqlite"
        for left in WORK.glob("commit.sqlite*"):
            left.unlink()
        ran = subprocess.run([str(WORK / "commit"), str(file), str(size), str(group), str(SECONDS)],
                             capture_output=True, text=True)
        if ran.returncode:
            fail("the SQLite yardstick failed: " + ran.stderr)
        results.setdefault("sqlite", []).append({**json.loads(ran.stdout), "group": group, "bytes": size})
        for left in WORK.glob("commit.sqlite*"):
            left.unlink()
    return results, half


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def ratio(rows, others, key="per_second", other_key=None):
    return statistics.median(a[key] / b[other_key or key] for a, b in zip(rows, others))


verdicts = []


def goal(text, value, limit, at_least, unit=""):
    """One line with its goal beside it."""
    is_met = value >= limit if at_least else value <= limit
    verdicts.append(is_met)
    sign = "≥" if at_least else "≤"
    say(f"  {text:<58} {value:>9,.2f}{unit}   goal {sign} {limit:g}{unit}   {'met' if is_met else 'MISSED'}")


def print_load(results, half):
    say()
    say(f"Requests per second, {CONNECTIONS} connections, one event loop; medians of {ROUNDS} rounds (least to most)")
    for name, title in (("nginx", "nginx, one worker, the same POST, a fixed body"),
                        ("check", "governor, reserve: false, known people"),
                        ("reserve", "governor, reserve: true, durable"),
                        ("check batch", "governor, reserve: false, batches of 100 (decisions)"),
                        ("reserve batch", "governor, reserve: true, batches of 100 (decisions)")):
        rows = results[name]
        speeds = [row["per_second"] for row in rows]
        say(f"  {title:<54} {median(rows, 'per_second'):>9,.0f} ({min(speeds):,.0f} to {max(speeds):,.0f})   "
            f"p50 {median(rows, 'p50_us'):,.0f}  p99 {median(rows, 'p99_us'):,.0f}  p99.9 "
            f"{median(rows, 'p999_us'):,.0f} µs   CPU {median(rows, 'user_us'):.1f}+{median(rows, 'system_us'):.1f} µs each")
    rows = results["sqlite"]
    say(f"  {'SQLite alone, the same bytes in the same groups (rows)':<54} {median(rows, 'rows_per_second'):>9,.0f}"
        f"   {median(rows, 'group'):.0f} rows of {median(rows, 'bytes'):.0f} bytes a commit of "
        f"{median(rows, 'commit_us'):,.0f} µs")
    say()
    say(f"Latency at {half:,} requests a second, half of what checks reach, from the instant each was due")
    for name, title in (("nginx half", "nginx"), ("check half", "governor, reserve: false")):
        rows = results[name]
        say(f"  {title:<54} p50 {median(rows, 'p50_us'):,.0f}  p90 {median(rows, 'p90_us'):,.0f}  p99 "
            f"{median(rows, 'p99_us'):,.0f}  p99.9 {median(rows, 'p999_us'):,.0f} µs")
    say()
    say(f"What of the ledger was written, per decision (checks: {LEDGER_CHECKS}; every allow with its reservation)")
    for name in ("check", "reserve", "check batch", "reserve batch", "check half"):
        rows = results[name]
        records = sum(row["ledger"]["records"] for row in rows)
        groups = sum(row["ledger"]["groups"] for row in rows)
        size = sum(row["ledger"]["bytes"] for row in rows)
        say(f"  {name:<54} {median(rows, 'ledger_share'):.3f} records, {records / max(groups, 1):,.1f} a commit, "
            f"{size / max(records, 1):,.0f} bytes each")
    say()
    say("Goals")
    goal("reserve: false, of nginx's requests per second", ratio(results["check"], results["nginx"]), 0.40, True)
    goal("reserve: false, p99 at half load, of nginx's",
         ratio(results["check half"], results["nginx half"], "p99_us"), 3, False)
    goal("reserve: true, durable, of nginx's requests per second", ratio(results["reserve"], results["nginx"]), 0.25, True)
    goal("batches of 100, reserve: false, of single requests", ratio(results["check batch"], results["check"]), 5, True)
    goal("batches of 100, reserve: true, of single requests",
         ratio(results["reserve batch"], results["reserve"]), 5, True)
    say(f"  {'reserve: true, of SQLite committing the same bytes':<58} "
        f"{ratio(results['reserve'], results['sqlite'], 'per_second', 'rows_per_second'):>9,.2f}")


def run_allocations():
    """Heap allocations per request of the whole server, on a small store of its own."""
    data, counter = WORK / "allocations", WORK / "allocations.count"
    shutil.rmtree(data, ignore_errors=True)
    governor = Governor(data, {"LD_PRELOAD": str(WORK / "allocations.so"), "ALLOCATIONS_FILE": str(counter)})

    def count():
        return int.from_bytes(counter.read_bytes()[:8], sys.byteorder)

    say()
    say("Heap allocations of the whole process per decision")
    load(governor, "/v1/decisions", "reserve", connections=8, seconds=2)
    for bodies, path, size in (("check", "/v1/decisions", 1), ("reserve", "/v1/decisions", 1),
                               ("check-batch", "/v1/decisions/batch", 100)):
        governor.settled_ledger()
        before = count()
        result = load(governor, path, bodies, connections=8, seconds=2)
        governor.settled_ledger()
        say(f"  {bodies:<58} {(count() - before) / (result['answers_total'] * size):>9,.1f}")
    governor.stop()
    shutil.rmtree(data, ignore_errors=True)


def run_evaluation():
    say()
    say("Evaluation alone: 20 rules, 20 touches, two zones")
    subprocess.run(["swift", "build", "--configuration", "release", "--product", "EvaluationBenchmarks"], cwd=ROOT,
                   env={**os.environ, "GOVERNOR_BENCHMARKS": "1"}, check=True, stdout=subprocess.DEVNULL)
    program = ROOT / ".build/release/EvaluationBenchmarks"
    ran = subprocess.run([str(program), str(HERE / "policies/bench.yaml")], check=True, capture_output=True, text=True)
    result = json.loads(ran.stdout)
    counter = WORK / "evaluation.count"
    ran = subprocess.run(
        [str(program), str(HERE / "policies/bench.yaml")], check=True, capture_output=True, text=True,
        env={**os.environ, "LD_PRELOAD": str(WORK / "allocations.so"), "ALLOCATIONS_FILE": str(counter)})
    counted = json.loads(ran.stdout)
    say(f"  plan {result['plan_ns']:,.0f} ns, {counted['plan_allocations']} allocations; evaluate "
        f"{counted['evaluate_allocations']} allocations; deny with the next instant over {result['reasons']} failing "
        f"rules {counted['solve_allocations']} allocations")
    goal("evaluate, µs", result["evaluate_ns"] / 1000, 2, False)
    goal("20 rules among 5,000, times the 20 alone", result["crowd_ratio"], 2, False)
    goal("loading 1,000 rules, ms", result["load_1000_rules_ms"], 300, False)
    goal("plan, evaluate, deny and find the next instant, µs", result["deny_and_solve_ns"] / 1000, 20, False)


def run_workbench():
    """The figures of the policy workbench: findings and tests of all packs, and the replay of a recorded run."""
    say()
    say(f"Workbench: all packs, and {REPLAYED:,} recorded decisions of 500,000 people under 11 rules")

    def seconds(*arguments):
        times = []
        for _ in range(3):
            begin = time.monotonic()
            ran = subprocess.run([BINARY, "policy", *arguments], cwd=ROOT, capture_output=True, text=True)
            times.append(time.monotonic() - begin)
            if ran.returncode:
                fail(f"policy {' '.join(arguments)} failed:\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}")
        return statistics.median(times)

    goal("lint of all packs, s", seconds("lint", "policies", "policies/packs"), 1, False)
    goal("tests of all packs, s", seconds("test", "policies", "policies/packs"), 5, False)
    subprocess.run(["swift", "build", "--configuration", "release", "--product", "WorkbenchBenchmarks"], cwd=ROOT,
                   env={**os.environ, "GOVERNOR_BENCHMARKS": "1"}, check=True, stdout=subprocess.DEVNULL)
    folder = WORK / "replay"
    ran = subprocess.run(
        [str(ROOT / ".build/release/WorkbenchBenchmarks"), str(folder), str(REPLAYED), "500000",
         str(ROOT / "policies/house.yaml")], check=True, capture_output=True, text=True)
    result = json.loads(ran.stdout)
    if result["flips"] or result["other_differences"]:
        fail(f"the replay is not what was recorded: {result}")
    goal("replay, decisions a second", result["decisions_per_second"], 200_000, True)
    shutil.rmtree(folder, ignore_errors=True)


def seed(data):
    """Imports PEOPLE people with TOUCHES touches each; returns rows per second."""
    folder = WORK / "csv"
    folder.mkdir(parents=True, exist_ok=True)
    now = time.time()
    rows = 0
    with open(folder / "touches.csv", "w") as file:
        file.write("id,phone,country,at,channel,purpose,campaign,product,brand,outcome\n")
        outcomes = ("no_answer", "voicemail", "busy", "no_answer")
        for index in range(PEOPLE):
            number = phone(index)
            for touch in range(TOUCHES):
                # Spread over half a year, every person with dates of her own.
                age = 86400 * (2 + touch * 17) + (index * 7919) % 86400
                at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - age))
                file.write(f"t{index}-{touch},{number},US,{at},voice,marketing,q{touch % 4}-term-life,term-life,acme,"
                           f"{outcomes[(index + touch) % 4]}\n")
                rows += 1
    begin = time.monotonic()
    # Straight into the folder, which no server owns yet.
    ran = subprocess.run(
        [BINARY, "import", "touches", str(folder / "touches.csv"), "--data", str(data)], capture_output=True, text=True)
    if ran.returncode:
        fail("the import failed:\n" + ran.stdout[-2000:] + ran.stderr[-2000:])
    took = time.monotonic() - begin
    shutil.rmtree(folder)
    return rows / took


def run_memory(data):
    speed = seed(data)
    file = sum(path.stat().st_size for path in data.glob("people.db*"))
    ledger = sum(path.stat().st_size for path in (data / "ledger").rglob("*") if path.is_file())
    starts, sizes = [], []
    for _ in range(3):
        governor = Governor(data)
        starts.append(governor.started_in)
        sizes.append(governor.memory())
        governor.stop()
    say()
    say(f"{PEOPLE:,} people with {TOUCHES} touches each, imported at {speed:,.0f} rows a second")
    is_full = PEOPLE >= 1_000_000 and TOUCHES == 10
    if is_full:
        goal("start-up until ready, s", statistics.median(starts), 2, False)
        goal("resident memory after start-up, MB", statistics.median(sizes) / 1e6, 300, False)
        goal("file, bytes a person", file / PEOPLE, 600, False)
    else:
        say(f"  start-up {statistics.median(starts):.2f} s, resident {statistics.median(sizes) / 1e6:,.0f} MB, "
            f"file {file / PEOPLE:,.0f} bytes a person")
    say(f"  {'ledger, bytes a touch':<58} {ledger / (PEOPLE * TOUCHES):>9,.0f}")


def main():
    if not os.access(BINARY, os.X_OK):
        fail(f"{BINARY} is not there; `make build` makes it")
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    compile_tools()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    say(f"{os.cpu_count()} cores, {platform.machine()}, Linux {platform.release()}, "
        f"commit {commit.stdout.strip() or 'unknown'}, {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}, "
        f"load before {os.getloadavg()[0]:.1f}")
    if ONLY in ("", "evaluation"):
        run_evaluation()
    if ONLY in ("", "workbench"):
        run_workbench()
    if ONLY in ("", "memory", "load"):
        write_bodies()
        data = WORK / "data"
        if ONLY != "load":
            run_memory(data)
        else:
            seed(data)
        if ONLY != "memory":
            say()
            nginx, governor = start_nginx(), Governor(data)
            results, half = run_load(governor, nginx)
            resident = governor.memory(), governor.memory("VmHWM")
            governor.stop()
            nginx.stop()
            print_load(results, half)
            say(f"  {'governor, resident memory under load, MB (most)':<58} {resident[0] / 1e6:>9,.0f} "
                f"({resident[1] / 1e6:,.0f})")
            (WORK / "result.json").write_text(json.dumps(results, indent=1))
            run_allocations()
    if ONLY in ("", "lists"):
        import lists_path
        data = WORK / "data"
        if not data.exists():
            seed(data)
        governor = Governor(data)
        lists_path.run_scrub(sys.modules[__name__], governor, data)
        governor.stop()
    if ONLY in ("", "registry"):
        import lists_path
        lists_path.run_registry(sys.modules[__name__])
    if ONLY in ("", "redis"):
        import redis_path
        redis_path.run(sys.modules[__name__])
    if ONLY in ("", "doors"):
        import doors_path
        doors_path.run(sys.modules[__name__])
    say()
    say(f"{sum(verdicts)} of {len(verdicts)} goals met")
    for left in ("data", "allocations", "redis-data", "cluster-data", "doors-data", "doors-data-0", "doors-data-1"):
        shutil.rmtree(WORK / left, ignore_errors=True)


if __name__ == "__main__":
    main()

"""The governor over Redis beside `redis-benchmark`, which sends the very commands that a decision sends: the same size
of record, the same script, the same number of connections, no pipelining, and nothing of ours in between.

Part of `bench.py` (ONLY=redis runs it alone). From the environment, too: REDIS_PEOPLE, people with ten touches each.
"""

import csv
import http.client
import io
import json
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import time

PEOPLE = int(os.environ.get("REDIS_PEOPLE", "20000"))
TOUCHES = 10
KEYS = 20000
HERE = pathlib.Path(__file__).resolve().parent


class Redis:
    """A server with the settings that cost nothing: what is compared is the way to it."""

    def __init__(self, bench, *settings):
        self.bench = bench
        self.port = bench.free_port()
        while self.port > 55000:
            self.port = bench.free_port()
        self.folder = bench.WORK / f"redis-{self.port}"
        self.folder.mkdir(parents=True)
        self.process = bench.Process(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", "",
             "--maxmemory-policy", "noeviction", *settings], log=self.folder / "log")
        for _ in range(500):
            if self.cli("PING") == "PONG":
                return
            time.sleep(0.01)
        bench.fail("redis-server did not start:\n" + bench.tail(self.folder / "log"))

    def cli(self, *words):
        ran = subprocess.run(["redis-cli", "-p", str(self.port), *words], capture_output=True, text=True,
                             errors="replace")
        return ran.stdout.rstrip("\n")

    def microseconds(self):
        """Time that Redis spent in commands, and their number, by name."""
        found = {}
        for line in self.cli("INFO", "commandstats").splitlines():
            match = re.match(r"cmdstat_([^:]+):calls=(\d+),usec=(\d+)", line)
            if match:
                found[match.group(1)] = (int(match.group(2)), int(match.group(3)))
        return found

    def stop(self):
        self.process.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def commit_script():
    """The script as the store has it, so that the yardstick cannot fall behind."""
    text = (HERE.parent.parent / "Sources/GovernorStoreRedis/Transact/CommitScript.swift").read_text()
    lines = re.search(r'"""\n(.*?)\n +"""', text, re.DOTALL).group(1).splitlines()
    indent = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join(line[indent:] for line in lines)


def yardstick(bench, redis, connections, words):
    """Requests a second and the median in microseconds."""
    count = max(2000, int((60000 if connections > 1 else 12000) * bench.SECONDS))
    ran = subprocess.run(
        ["redis-benchmark", "-p", str(redis.port), "-c", str(connections), "-n", str(count), "-r", str(KEYS), "--csv",
         *words], capture_output=True, text=True)
    rows = list(csv.DictReader(io.StringIO(ran.stdout)))
    if ran.returncode or not rows:
        bench.fail("redis-benchmark failed:\n" + ran.stdout + ran.stderr)
    return {"per_second": float(rows[0]["rps"]), "p50_us": float(rows[0]["p50_latency_ms"]) * 1000}


def fill(bench, governor):
    """People with TOUCHES touches each, told over HTTP."""
    connection = http.client.HTTPConnection("127.0.0.1", governor.port, timeout=60)
    now = time.time()
    items = []

    def send():
        body = json.dumps({"items": items})
        connection.request("POST", "/v1/touches", body, {
            "Authorization": f"Bearer {bench.KEY}", "Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status != 200:
            bench.fail(f"touches were refused ({answer.status}): {text[:500]}")
        items.clear()

    for index in range(PEOPLE):
        for touch in range(TOUCHES):
            at = now - 86400 * (2 + touch * 17) - (index * 7919) % 86400
            items.append({
                "id": f"t{index}-{touch}", "contact": {"phone": bench.phone(index), "country": "US"},
                "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)), "channel": "voice",
                "purpose": "marketing", "campaign": f"q{touch % 4}-term-life", "product": "term-life",
                "brand": "acme", "outcome": ("no_answer", "voicemail", "busy")[touch % 3]})
        if len(items) >= 1000:
            send()
    if items:
        send()
    connection.close()


def write_bodies(bench):
    for name, reserve in (("redis-check", False), ("redis-reserve", True)):
        with open(bench.WORK / f"{name}.ndjson", "w") as file:
            for index in range(PEOPLE):
                file.write(json.dumps(bench.request(index * 7919 % PEOPLE, reserve)) + "\n")
    with open(bench.WORK / "redis-facts.ndjson", "w") as file:
        for index in range(PEOPLE):
            file.write(json.dumps({
                "id": f"fact-{index}", "event": "inquiry",
                "contact": {"phone": bench.phone(PEOPLE + index), "country": "US"}}) + "\n")


def governor_over(bench, name, store):
    data = bench.WORK / name
    shutil.rmtree(data, ignore_errors=True)
    return bench.Governor(data, {"GOVERNOR_SECRET": "bench " + secrets.token_hex(16)}, store=store)


def measured(bench, governor, servers, bodies, **options):
    """A load, with the time of every process in it."""
    before = [server.microseconds() for server in servers]
    spent = [sum(server.process.processor_seconds()) for server in servers]
    result = bench.load(governor, "/v1/decisions", bodies, **options)
    decisions = max(result["answers_total"], 1)
    result["redis_cpu_us"] = sum(
        sum(server.process.processor_seconds()) - old for server, old in zip(servers, spent)) * 1e6 / decisions
    micro = 0
    for server, old in zip(servers, before):
        for name, (_, usec) in server.microseconds().items():
            if name in ("get", "mget", "evalsha", "eval", "set"):
                micro += usec - old.get(name, (0, 0))[1]
    result["redis_command_us"] = micro / decisions
    return result


def run_server(bench):
    redis = Redis(bench)
    governor = governor_over(bench, "redis-data", f"redis://127.0.0.1:{redis.port}")
    fill(bench, governor)
    keys = [key for key in redis.cli("--scan", "--pattern", "gov:i*").split("\n") if key][:200]
    sizes = sorted(int(redis.cli("STRLEN", key)) for key in keys[:50])
    size = sizes[len(sizes) // 2]
    # The version never changes there, so every commit is made.
    record = "v" * 8 + "x" * (size - 8)
    redis.cli("EVAL", f"for i = 0, {KEYS - 1} do redis.call('SET', string.format('bench:%012d', i), ARGV[1]) end",
              "0", record)
    digest = redis.cli("SCRIPT", "LOAD", commit_script())
    get = ["GET", "bench:__rand_int__"]
    commit = ["EVALSHA", digest, "1", "bench:__rand_int__", record[:8], record, ""]
    bench.load(governor, "/v1/decisions", "redis-check", seconds=2)
    rows = {}

    def note(name, value):
        rows.setdefault(name, []).append(value)

    half = None
    for number in range(bench.ROUNDS):
        bench.say(f"round {number + 1} of {bench.ROUNDS}, Redis")
        note("get", yardstick(bench, redis, 32, get))
        note("commit", yardstick(bench, redis, 32, commit))
        note("check", measured(bench, governor, [redis], "redis-check"))
        note("reserve", measured(bench, governor, [redis], "redis-reserve"))
        note("get 1", yardstick(bench, redis, 1, get))
        note("commit 1", yardstick(bench, redis, 1, commit))
        note("check 1", measured(bench, governor, [redis], "redis-check", connections=1))
        note("reserve 1", measured(bench, governor, [redis], "redis-reserve", connections=1))
        half = half or round(rows["check"][0]["per_second"] / 2)
        facts = subprocess.Popen(
            [str(bench.WORK / "load"), str(governor.port), "/v1/events", bench.KEY,
             str(bench.WORK / "redis-facts.ndjson"), "8", str(bench.SECONDS), "1000"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        note("half", bench.load(governor, "/v1/decisions", "redis-check", rate=half))
        facts.wait()
    governor.stop()
    redis.stop()
    print_server(bench, rows, size, half)
    return rows


def print_server(bench, rows, size, half):
    say, median = bench.say, bench.median
    say()
    say(f"Over one Redis, {PEOPLE:,} people with {TOUCHES} touches each, {size:,} bytes a record, 32 connections; "
        f"medians of {bench.ROUNDS} rounds")
    for name, title in (("get", "redis-benchmark, GET"), ("commit", "redis-benchmark, the script that commits")):
        say(f"  {title:<54} {median(rows[name], 'per_second'):>9,.0f}   p50 {median(rows[name], 'p50_us'):,.0f} µs; one "
            f"connection p50 {median(rows[name + ' 1'], 'p50_us'):,.0f} µs")
    for name, title in (("check", "governor, reserve: false"), ("reserve", "governor, reserve: true")):
        say(f"  {title:<54} {median(rows[name], 'per_second'):>9,.0f}   p50 {median(rows[name], 'p50_us'):,.0f}  p99 "
            f"{median(rows[name], 'p99_us'):,.0f} µs; one connection p50 {median(rows[name + ' 1'], 'p50_us'):,.0f} µs")
    say()
    say("Goals over Redis")
    both = [{"per_second": 1 / (1 / a["per_second"] + 1 / b["per_second"]), "p50_us": a["p50_us"] + b["p50_us"]}
            for a, b in zip(rows["get"], rows["commit"])]
    bench.goal("reserve: false, of the bare GET", bench.ratio(rows["check"], rows["get"]), 0.6, True)
    bench.goal("reserve: true, of GET and script in turn", bench.ratio(rows["reserve"], both), 0.6, True)
    one = [{"p50_us": a["p50_us"] + b["p50_us"]} for a, b in zip(rows["get 1"], rows["commit 1"])]
    bench.goal("one connection, reserve: false, p50 over the bare GET, µs",
               median(rows["check 1"], "p50_us") - median(rows["get 1"], "p50_us"), 60, False)
    bench.goal("one connection, reserve: true, p50 over both commands, µs",
               median(rows["reserve 1"], "p50_us") - median(one, "p50_us"), 60, False)
    bench.goal("Redis's time for a check, µs", median(rows["check"], "redis_command_us"), 3, False)
    bench.goal("Redis's time for a reservation, µs", median(rows["reserve"], "redis_command_us"), 12, False)
    bench.goal(f"p99 at {half:,} checks a second beside 1,000 facts a second, ms",
               median(rows["half"], "p99_us") / 1000, 5, False)


def run_cluster(bench):
    servers = [Redis(bench, "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf") for _ in range(3)]
    ran = subprocess.run(
        ["redis-cli", "--cluster", "create", *[f"127.0.0.1:{server.port}" for server in servers], "--cluster-yes"],
        capture_output=True, text=True)
    if ran.returncode:
        bench.fail("the cluster was not made:\n" + ran.stdout + ran.stderr)
    for _ in range(500):
        if all("cluster_state:ok" in server.cli("CLUSTER", "INFO") for server in servers):
            break
        time.sleep(0.01)
    governor = governor_over(
        bench, "cluster-data", "redis+cluster://" + ",".join(f"127.0.0.1:{server.port}" for server in servers))
    fill(bench, governor)
    rows = {}
    for _ in range(bench.ROUNDS):
        for name in ("check", "reserve"):
            rows.setdefault(name, []).append(measured(bench, governor, servers, f"redis-{name}"))
    governor.stop()
    for server in servers:
        server.stop()
    return rows


def run(bench):
    for tool in ("redis-server", "redis-benchmark", "redis-cli"):
        if not shutil.which(tool):
            bench.fail(f"{tool} is not installed; `Scripts/setup.sh bench` installs it")
    bench.say()
    write_bodies(bench)
    server, cluster = run_server(bench), run_cluster(bench)
    bench.say()
    bench.say("CPU for one decision, µs (user and system), by process; sizes follow from it: docs/operations.md")
    for title, rows in (("one server", server), ("three-node cluster", cluster)):
        for name, what in (("check", "reserve: false"), ("reserve", "reserve: true")):
            own = bench.median(rows[name], "user_us") + bench.median(rows[name], "system_us")
            theirs = bench.median(rows[name], "redis_cpu_us")
            bench.say(f"  {title + ', ' + what:<54} governor {own:6.1f}   Redis {theirs:6.1f}   of which in commands "
                      f"{bench.median(rows[name], 'redis_command_us'):.1f}")
    (bench.WORK / "redis.json").write_text(json.dumps({"server": server, "cluster": cluster}, indent=1))

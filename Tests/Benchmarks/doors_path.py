"""How soon a no is known: from the acknowledgement of an opt-out to the event on the stream, and to the first denial on
another node over Redis.

Part of `bench.py` (ONLY=doors runs it alone). From the environment, too: OPT_OUTS, how many are told.
"""

import http.client
import json
import os
import queue
import socket
import threading
import time

import redis_path

OPT_OUTS = int(os.environ.get("OPT_OUTS", "300"))


class Listener:
    """Reads a node's stream, and notes when each reservation was told as taken back."""

    def __init__(self, bench, governor):
        self.connection = http.client.HTTPConnection("127.0.0.1", governor.port, timeout=60)
        self.connection.request("GET", "/v1/stream", headers={"Authorization": f"Bearer {bench.KEY}"})
        self.answer = self.connection.getresponse()
        if self.answer.status != 200:
            bench.fail(f"the stream answered {self.answer.status}")
        self.seen = queue.Queue()
        self.ready = threading.Event()
        threading.Thread(target=self.read, daemon=True).start()
        if not self.ready.wait(20):
            bench.fail("the stream did not begin")

    def read(self):
        try:
            while line := self.answer.readline():
                now = time.perf_counter()
                if line.startswith(b"event: ready"):
                    self.ready.set()
                if line.startswith(b"data: ") and b"reservations" in line:
                    for reservation in json.loads(line[6:])["reservations"]:
                        self.seen.put((reservation["id"], now))
        except (OSError, ValueError, http.client.HTTPException):
            pass

    def close(self):
        self.connection.sock.shutdown(socket.SHUT_RDWR)


class Caller:
    def __init__(self, bench, governor):
        self.bench = bench
        self.connection = http.client.HTTPConnection("127.0.0.1", governor.port, timeout=30)

    def post(self, path, body):
        self.connection.request(
            "POST", path, json.dumps(body),
            {"Authorization": f"Bearer {self.bench.KEY}", "Content-Type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            self.bench.fail(f"{path} answered {answer.status}: {text[:300]}")
        return json.loads(text)


def question(phone, reserve):
    return {"contact": {"phone": phone}, "channel": "sms", "purpose": "service", "reserve": reserve}


def tell(bench, nodes, label):
    """Opt-outs on the first node, and when all nodes know of them."""
    listeners = [Listener(bench, node) for node in nodes]
    callers = [Caller(bench, node) for node in nodes]
    events, denials, late = [[] for _ in nodes], [], 0
    for i in range(OPT_OUTS):
        phone = bench.phone(40_000_000 + i)
        reservation = callers[0].post("/v1/decisions", question(phone, True))["reservation"]["id"]
        callers[-1].post("/v1/decisions", question(phone, False))
        told = callers[0].post("/v1/opt-outs", {"id": f"bench-{i}", "contact": {"phone": phone}})
        acknowledged = time.perf_counter()
        if told["revoked"] != [reservation]:
            bench.fail(f"the opt-out took back {told['revoked']} and not {reservation}")
        first = callers[-1].post("/v1/decisions", question(phone, False))
        denials.append(time.perf_counter() - acknowledged)
        if first["verdict"] != "deny":
            late += 1
        for listener, delays in zip(listeners, events):
            try:
                name, at = listener.seen.get(timeout=20)
            except queue.Empty:
                bench.fail("an event did not come within 20 seconds")
            if name != reservation:
                bench.fail(f"the event names {name} and not {reservation}")
            delays.append(at - acknowledged)
    for listener in listeners:
        listener.close()

    def show(text, delays):
        delays = sorted(delays)
        middle, most = delays[len(delays) // 2] * 1000, delays[int(len(delays) * 0.99)] * 1000
        bench.say(f"  {text:<58} {middle:>9.2f} {most:>9.2f}")

    bench.say()
    bench.say(f"{label}: {OPT_OUTS} opt-outs with a reservation each {'ms: median':>20} {'99 %':>9}")
    bench.say("  (from the answer of the opt-out at its caller; below zero: the event was read before the answer)")
    for node, delays in enumerate(events):
        where = "on the same node" if node == 0 else "on the other node"
        show(f"to the event on the stream, {where}", delays)
    show("to the first decision asked afterwards" + (", on the other node" if len(nodes) > 1 else ""), denials)
    bench.goal("of those decisions allowed", late, 0, False)


def run(bench):
    alone = bench.Governor(bench.WORK / "doors-data")
    tell(bench, [alone], "One node, embedded store")
    alone.stop()
    redis = redis_path.Redis(bench)
    secret = {"GOVERNOR_SECRET": "a secret that all nodes share"}
    nodes = [
        bench.Governor(bench.WORK / f"doors-data-{i}", secret, store=f"redis://127.0.0.1:{redis.port}")
        for i in range(2)
    ]
    tell(bench, nodes, "Two nodes over Redis")
    for node in nodes:
        node.stop()
    redis.stop()

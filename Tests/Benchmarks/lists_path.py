"""Whole lists and registries: how many rows a second are judged and loaded, beside reading the same file and SQLite."""

import json
import os
import random
import re
import shutil
import sqlite3
import statistics
import subprocess
import time


def rows_of_csv(path):
    """Rows a second that a loop over Python's own CSV parser (in C) reads: the yardstick of parsing."""
    import csv
    begin = time.process_time()
    with open(path, newline="") as file:
        count = sum(1 for _ in csv.reader(file))
    return count / (time.process_time() - begin)


def sqlite_reads(path, people):
    """Point reads a second of SQLite by a 16-byte key, one thread: what one look-up of a person costs at least."""
    path.unlink(missing_ok=True)
    store = sqlite3.connect(path)
    store.execute("PRAGMA journal_mode = OFF")
    store.execute("CREATE TABLE person (key BLOB PRIMARY KEY, record BLOB) WITHOUT ROWID")
    chosen = random.Random(1)
    keys = [chosen.randbytes(16) for _ in range(min(people, 200_000))]
    store.executemany("INSERT INTO person VALUES (?, ?)", ((key, key * 8) for key in sorted(keys)))
    store.commit()
    chosen.shuffle(keys)
    begin = time.process_time()
    for key in keys:
        store.execute("SELECT record FROM person WHERE key = ?", (key,)).fetchone()
    took = time.process_time() - begin
    store.close()
    path.unlink()
    return len(keys) / took


def write_list(bench, path, rows):
    """People of the store in random order; every tenth row is an earlier one in another spelling. Returns how many."""
    chosen = random.Random(2)
    duplicates = 0
    earlier = []
    with open(path, "w") as file:
        file.write("phone,country,name\r\n")
        fresh = list(range(rows))
        chosen.shuffle(fresh)
        for index in range(rows):
            if index % 10 == 9:
                number = bench.phone(earlier[-5])
                file.write(f"({number[2:5]}) {number[5:8]}-{number[8:]},US,Ana again\r\n")
                duplicates += 1
            else:
                earlier.append(fresh[index])
                file.write(f"{bench.phone(fresh[index])},US,\"Doe, {index}\"\r\n")
    return duplicates


def run_scrub(bench, governor, data):
    """Twice over the same list; the second is against a warm store."""
    rows = min(bench.PEOPLE, 1_000_000)
    listed = bench.WORK / "list.csv"
    duplicates = write_list(bench, listed, rows)
    parsing, reads = rows_of_csv(listed), sqlite_reads(bench.WORK / "reads.db", bench.PEOPLE)
    speeds, processor, summary = [], [], {}
    for _ in range(max(2, bench.ROUNDS // 2 + 1)):
        user, system = governor.processor_seconds()
        begin = time.monotonic()
        ran = subprocess.run(
            ["curl", "-sS", "-H", f"Authorization: Bearer {bench.KEY}", "-H", "Content-Type: text/csv", "-H", "Expect:",
             "-T", str(listed), "-X", "POST", "-o", str(bench.WORK / "judged.csv"),
             f"http://127.0.0.1:{governor.port}/v1/scrub?channel=voice&purpose=marketing&product=term-life"],
            capture_output=True, text=True)
        took = time.monotonic() - begin
        if ran.returncode:
            bench.fail("the list was not judged: " + ran.stderr)
        last = subprocess.run(["tail", "-n", "1", str(bench.WORK / "judged.csv")], capture_output=True, text=True).stdout
        found = re.match(r'summary,"(.*)"\s*$', last)
        if not found:
            bench.fail("the list was not judged to its end: " + last[:300])
        summary = json.loads(found.group(1).replace('""', '"'))
        if summary["rows"] != rows or summary["duplicate"] != duplicates:
            bench.fail(f"{duplicates} duplicates of {rows} rows, but: {summary}")
        after = governor.processor_seconds()
        processor.append((after[0] - user + after[1] - system) / rows * 1e6)
        speeds.append(rows / took)
    warm = statistics.median(speeds[1:])
    bench.say()
    bench.say(f"A list of {rows:,} rows, {duplicates:,} of them duplicates, against {bench.PEOPLE:,} people: first "
              f"{speeds[0]:,.0f} rows a second, then")
    bench.goal("rows judged a second", warm, 100_000, True)
    bench.say(f"  {'processor time, µs a row':<58} {statistics.median(processor[1:]):>9.1f}")
    bench.say(f"  {'of the rows that are only parsed (one thread, CSV in C)':<58} {warm / parsing:>9.2f}")
    bench.say(f"  {'of SQLite point reads (one thread)':<58} {warm / reads:>9.2f}")
    for name in ("list.csv", "judged.csv"):
        (bench.WORK / name).unlink()


def run_registry(bench):
    """Loads ten million numbers in the layout of North America's national list, and looks numbers up."""
    folder = bench.WORK / "registry"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    source = folder / "list.txt"
    with open(source, "w") as file:
        for area in range(201, 301):
            file.write("".join(f"{area},{number}\n" for number in range(2_000_000, 2_200_000, 2)))
    count = 10_000_000
    speeds = []
    for _ in range(3):
        begin = time.monotonic()
        ran = subprocess.run([bench.BINARY, "registry", "load", "bench", str(source), "--country", "US", "--data",
                              str(folder / "data")], capture_output=True, text=True)
        speeds.append(count / (time.monotonic() - begin))
        if ran.returncode:
            bench.fail("the registry was not loaded:\n" + ran.stdout + ran.stderr)
    begin = time.monotonic()
    subprocess.run(["wc", "-l", str(source)], check=True, capture_output=True)
    counted = count / (time.monotonic() - begin)
    bench.say()
    bench.say(f"A registry of {count:,} numbers, area code and number in columns")
    bench.goal("numbers loaded a second", statistics.median(speeds), 2_000_000, True)
    bench.say(f"  {'of the lines that wc counts':<58} {statistics.median(speeds) / counted:>9.3f}")
    subprocess.run(["swift", "build", "--configuration", "release", "--product", "RegistryBenchmarks"], cwd=bench.ROOT,
                   env={**os.environ, "GOVERNOR_BENCHMARKS": "1"}, check=True, stdout=subprocess.DEVNULL)
    ran = subprocess.run([str(bench.ROOT / ".build/release/RegistryBenchmarks"), str(folder / "look-up")], check=True,
                         capture_output=True, text=True)
    result = json.loads(ran.stdout)
    bench.goal(f"look-up among {result['numbers']:,} numbers, ns", result["lookup_ns"], 50, False)
    bench.say(f"  {'adding in memory, ns a number':<58} {result['add_ns']:>9.1f}")
    shutil.rmtree(folder, ignore_errors=True)

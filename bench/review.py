"""review.py - what a reviewer waits for: `review show` of a table of 10,000 cells, alone and beside other releases; and
the lists where 2,000 were requested.

Made up: 300,000 persons in 99 areas and 99 trades, few of them in many cells; with (other) that is 100 x 100 cells, two numbers each. The request is shown before anything left, beside a release of the same cells, and when another
left since it was asked for. Beside it: cat of the same text from a file, and sqlite3 reading it out of a table.
Whole processes, from before the start until the last byte was read. ROUNDS: default 15. SLUICE_BIN: the programs.
"""
import json
import os
import pathlib
import random
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time

from sides import BIN, HERE
from table import head

PLAY = HERE.parent / "build" / "bench-review"
SLUICE = str(BIN / "sluice")
LABELS, PERSONS = 99, 300000
WANTED = 0.2
WANTED_LIST, REQUESTS = 0.1, 2000
SCRIPT = """output("cells", from "work.people" :group_by("area", "trade") :summarise { persons = "units()", pay = "mean(pay)" }
  :describe { area = "area of work", trade = "trade", persons = "persons", pay = "pay, mean; of: persons; unit: EUR" })
"""
OTHER = """output("areas", from "work.people" :where "pay > 1200" :group_by("area") :summarise { persons = "units()" }
  :describe { area = "area of work", persons = "persons with more than 1200" })
"""


def run(*words, ok=True):
    done = subprocess.run([SLUICE, *words], cwd=PLAY, env={**os.environ, "SLUICE_DIR": str(PLAY / "enclave")}, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if ok and done.returncode != 0:
        sys.exit(f"bench: sluice {' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout


def key(who):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", str(PLAY / who)], check=True)
    return " ".join((PLAY / f"{who}.pub").read_text().split()[:2])


def catalogue():
    def field(name, kind, **rest):
        return {"name": name, "type": kind, **rest}

    labels = [f"{i:02}" for i in range(LABELS)]
    group = {"uses": ["group"], "level": 2}
    fields = [field("id", "integer", constraints={"required": True}, sluice={"level": 4}),
              field("area", "string", constraints={"enum": ["A" + x for x in labels]}, sluice=group),
              field("trade", "string", constraints={"enum": ["T" + x for x in labels]}, sluice=group),
              field("pay", "integer", sluice={"uses": ["measure", "filter"], "measured_in": "EUR", "level": 3})]
    return {"name": "work", "title": "Made up", "resources": [
        {"name": "people", "path": "people.csv", "title": "People", "schema": {"fields": fields},
         "sluice": {"owner": "office", "class": "confidential", "owner_approval": False, "period": "2025", "one_row_per_unit": True,
                    "unit": {"column": "id", "space": "person"}}}]}


def policy(keys):
    roles = {"olga": "officer", "rui": "reviewer", "ana": "analyst"}
    digest = subprocess.run(["sha256sum", "datapackage.json"], cwd=PLAY, check=True, text=True,
                            stdout=subprocess.PIPE).stdout.split()[0]
    uses = {"area": ["group"], "trade": ["group"], "pay": ["measure", "filter"]}
    return {"sluice_policy": 1, "enclave": "demo", "serial": 1, "officers_needed": 1,
            "people": {who: {"roles": [role], "key": keys[who]} for who, role in roles.items()},
            "catalogues": {"work": "sha256:" + digest}, "disclosure": {"profile": "tre-uk"}, "limits": {"slot_ms": 0},
            "projects": {"pay": {"purpose": "Pay by area and trade", "analysts": ["ana"], "expires": "2099-12-31",
                                 "approvals": 1, "tables": {"work.people": uses}}}}


def set_up():
    shutil.rmtree(PLAY, ignore_errors=True)
    PLAY.mkdir(parents=True)
    draw = random.Random(1)
    weights = [1 / (1 + i / 12) for i in range(LABELS)]
    areas = draw.choices(range(LABELS), weights, k=PERSONS)
    trades = draw.choices(range(LABELS), weights, k=PERSONS)
    with open(PLAY / "people.csv", "w") as file:
        file.write("id,area,trade,pay\n")
        for i in range(PERSONS):
            file.write(f"{i + 1},A{areas[i]:02},T{trades[i]:02},{draw.randint(900, 6000)}\n")
    (PLAY / "datapackage.json").write_text(json.dumps(catalogue()))
    (PLAY / "cells.lua").write_text(SCRIPT)
    (PLAY / "other.lua").write_text(OTHER)
    keys = {who: key(who) for who in ("olga", "rui", "ana")}
    run("init", "enclave", "--name", "demo", "--officer", "olga=olga.pub", "--anchor", "anchor.txt")
    run("data", "import", "datapackage.json")
    (PLAY / "policy.json").write_text(json.dumps(policy(keys)))
    run("policy", "sign", "policy.json", "--key", "olga")
    run("policy", "apply", "policy.json", "--signature", "policy.json.sig")


def ask(script, job):
    run("job", "run", script, "-p", "pay", "--key", "ana")
    run("request", "new", job, "--context", "Table 3 of the report on pay", "--key", "ana")


def spent():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def timed(argv):
    cpu, before = spent(), time.monotonic()
    done = subprocess.run(argv, cwd=PLAY, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
                          env={**os.environ, "SLUICE_DIR": str(PLAY / "enclave")})
    return time.monotonic() - before, spent() - cpu, len(done.stdout)


def measure(out, commands, rounds):
    times, cpus, sizes = {name: [] for name in commands}, {name: [] for name in commands}, {}
    for _ in range(rounds):
        order = list(commands)
        random.shuffle(order)
        for name in order:
            seconds, cpu, sizes[name] = timed(commands[name])
            times[name].append(seconds)
            cpus[name].append(cpu)
    for name in commands:
        wall, cpu = statistics.median(times[name]), statistics.median(cpus[name])
        kept = "" if name != "show" else "   yes" if wall < WANTED else "   yes, by processor time" if cpu < WANTED else "   NO"
        out(f"  {name:<32} {wall * 1000:8.1f} ms, processor {cpu * 1000:7.1f} ms {sizes[name]:9} bytes{kept}")


def shows(request, *more):
    base = [SLUICE, "review", "show", request, "--key", "rui"]
    return {f"show{' ' if more else ''}{' '.join(more)}": [*base, *more]}


def approve(request):
    """Approve it as rui, who acknowledges every rule that has something to judge."""
    findings = json.loads(run("review", "show", request, "--json", "--key", "rui"))["findings"]
    rules = sorted({finding["rule"] for finding in findings if finding["severity"] == "review"})
    flags = [word for rule in rules for word in ("--acknowledge", rule)]
    run("review", "approve", request, "--comment", "seen", *flags, "--key", "rui")


def copy_requests():
    """As many requests as that in all, copies of R-1: half rejected, half approved by rui and waiting for another."""
    db = sqlite3.connect(PLAY / "enclave" / "state.db")

    def columns(table, **given):
        names = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if table == "request" or row[1] != "id"]
        return f"INSERT INTO {table}({','.join(names)}) SELECT {','.join(given.get(n, n) for n in names)} FROM {table}"

    db.execute("UPDATE request SET state=9 WHERE id=2")
    for new in range(4, REQUESTS + 1):
        state, decision = (6, 1) if new % 2 else (3, 2)
        db.execute(columns("request", id="?", state="?") + " WHERE id=1", (new, state))
        db.execute(columns("publication", request="?") + " WHERE request=1", (new,))
        db.execute(columns("review", request="?", decision="?") + " WHERE request=1", (new, decision))
    db.commit()
    db.close()


def main():
    rounds = int(os.environ.get("ROUNDS", "15"))
    path = HERE / "results" / f"{time.strftime('%Y-%m-%d', time.gmtime())}-review.txt"
    lines = []

    def out(words):
        lines.append(words)
        print(words, flush=True)

    load = os.getloadavg()[0]
    set_up()
    head(out, "Showing a reviewer 10,000 cells")
    ask("cells.lua", "J-1")
    seen = json.loads(run("review", "show", "R-1", "--json", "--key", "rui"))
    rows = seen["tables"][0]["rows"]
    out(f"rows {len(rows)}, numbers hidden {seen['tables'][0]['hidden']}, findings {len(seen['findings'])}, "
        f"rows to look at {sum(bool(row['look']) for row in rows)}; wanted: show under {WANTED} s\n")
    out("nothing had left")
    text = subprocess.run([SLUICE, "review", "show", "R-1", "--all", "--key", "rui"], cwd=PLAY, stdout=subprocess.PIPE,
                          env={**os.environ, "SLUICE_DIR": str(PLAY / "enclave")}, check=True).stdout
    (PLAY / "text").write_bytes(text)
    db = sqlite3.connect(PLAY / "text.db")
    db.execute("CREATE TABLE line (text TEXT)")
    db.executemany("INSERT INTO line VALUES (?)", [(line,) for line in text.decode().split("\n")])
    db.commit()
    db.close()
    measure(out, {**shows("R-1"), **shows("R-1", "--all"), **shows("R-1", "--json"), **shows("R-1", "--html", "-"),
                  "cat of the text of --all": ["cat", "text"],
                  "sqlite3, the lines of it": ["sqlite3", "-readonly", "text.db", "SELECT text FROM line"]}, rounds)
    approve("R-1")
    ask("cells.lua", "J-2")
    out("\nbeside a release of the same cells")
    measure(out, {**shows("R-2"), **shows("R-2", "--all"), **shows("R-2", "--json"), **shows("R-2", "--html", "-")}, rounds)
    ask("other.lua", "J-3")
    approve("R-3")
    out("\nand another left since it was asked for")
    measure(out, {**shows("R-2"), "judged again: --judge-again": shows("R-2", "--judge-again")["show --judge-again"]},
            rounds)
    copy_requests()
    out(f"\n{REQUESTS:,} requests, half decided; wanted: each under {WANTED_LIST} s")
    measure(out, {"review ls": [SLUICE, "review", "ls", "--key", "rui"],
                  "review ls --json": [SLUICE, "review", "ls", "--json", "--key", "rui"],
                  "review next, nothing is left": [SLUICE, "review", "next", "--key", "rui"],
                  "request ls, all of them": [SLUICE, "request", "ls", "--key", "rui"]}, rounds)
    out(f"\nload {load:.1f} before, {os.getloadavg()[0]:.1f} after (one minute)")
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    if "KEEP" not in os.environ:
        shutil.rmtree(PLAY)


if __name__ == "__main__":
    main()

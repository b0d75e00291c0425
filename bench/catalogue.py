"""catalogue.py - commands on an enclave of 51 owners, 405 tables and 17,000 columns, beside grep and SQLite's FTS5.

Makes the packages and the enclave in build/bench-data/catalogue the first time. Each round asks every side once, in an
order drawn anew; medians of whole commands: on the clock, and of the processor. ROUNDS: default 21.
"""
import datetime
import hashlib
import json
import os
import random
import statistics
import subprocess
import sys
import time

import sides
from sides import DATA, HERE
from table import head

HOME = DATA / "catalogue"
ROUNDS = int(os.environ.get("ROUNDS", "21"))
SLUICE = sides.BIN / "sluice"
OWNERS, TABLES, COLUMNS = 51, 405, 17000
PROJECTS, GRANTED = 20, 20
# A word: how it is meant, and as FTS5's trigrams can be asked it (three letters or more).
WORDS = [("住院", None), ("pression", "pression"), ("GROSSE_7", "größe_7"), ("الدخل", "الدخل"), ("nosuchthing", "nosuchthing")]


def run(*words, stdin=None, good=(0,)):
    ran = subprocess.run([str(w) for w in words], cwd=HOME, input=stdin, text=True, capture_output=True,
                         env=dict(os.environ, SLUICE_DIR=str(HOME / "enclave")))
    if ran.returncode not in good:
        sys.exit(f"bench: {' '.join(map(str, words))}: {ran.stderr}")
    return ran.stdout


def timed(words, good):
    """Milliseconds on the clock and of the processor."""
    start = time.perf_counter()
    process = subprocess.Popen([str(w) for w in words], cwd=HOME, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, env=dict(os.environ, SLUICE_DIR=str(HOME / "enclave")))
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        sys.exit(f"bench: {' '.join(map(str, words))}: {said.decode(errors='replace')}")
    return 1000 * (time.perf_counter() - start), 1000 * (used.ru_utime + used.ru_stime)


def packages():
    return sorted(HOME.glob("packages/*/datapackage.json"))


def policy():
    """20 projects of 20 tables with all their columns: some 17,000 grants."""
    key = {who: " ".join((HOME / f"{who}.pub").read_text().split()[:2]) for who in ("olga", "rui", "ana")}
    pins, tables = {}, []
    for path in packages():
        package = json.loads(path.read_text())
        pins[package["name"]] = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
        for r in package["resources"]:
            tables.append((f"{package['name']}.{r['name']}", {f["name"]: f["sluice"]["uses"]
                                                              for f in r["schema"]["fields"] if "sluice" in f}))
    projects = {f"p{i}": {"purpose": "How a bench is done", "analysts": ["ana"], "approvals": 1,
                          "expires": str(datetime.date.today() + datetime.timedelta(days=300)),
                          "tables": dict(tables[(i * GRANTED + k) % len(tables)] for k in range(GRANTED))}
                for i in range(PROJECTS)}
    return {"sluice_policy": 1, "enclave": "demo", "serial": 1, "catalogues": pins, "limits": {"slot_ms": 0},
            "people": {"olga": {"roles": ["officer"], "key": key["olga"]}, "rui": {"roles": ["reviewer"], "key": key["rui"]},
                       "ana": {"roles": ["analyst"], "key": key["ana"]}},
            "disclosure": {"profile": "tre-uk"}, "projects": projects}


def apply(serial):
    text = policy()
    text["serial"] = serial
    (HOME / "policy.json").write_text(json.dumps(text, ensure_ascii=False))
    (HOME / "policy.json.sig").unlink(missing_ok=True)
    run(SLUICE, "policy", "sign", "policy.json", "--key", "olga")
    run(SLUICE, "policy", "apply", "policy.json", "--signature", "policy.json.sig")


def fts():
    rows = []
    for path in packages():
        package = json.loads(path.read_text())
        for r in package["resources"]:
            rows.append((r["name"], r["title"], r["description"]))
            rows += [(f["name"], f.get("title", ""), f.get("description", "")) for f in r["schema"]["fields"]]
    quoted = ",\n".join("(" + ",".join("'" + t.replace("'", "''") + "'" for t in row) + ")" for row in rows)
    (HOME / "fts.db").unlink(missing_ok=True)
    run("sqlite3", "fts.db", stdin="CREATE VIRTUAL TABLE f USING fts5(name, title, description, tokenize='trigram');\n"
                                   f"INSERT INTO f VALUES {quoted};\n")


def make():
    if (HOME / "made").exists():
        return
    HOME.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, HERE / "catalogue_make.py", HOME / "packages", str(OWNERS), str(TABLES),
                    str(COLUMNS)], check=True)
    for who in ("olga", "rui", "ana"):
        if not (HOME / who).exists():
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", who)
    run(SLUICE, "init", "enclave", "--name", "demo", "--officer", "olga=olga.pub", "--anchor", "anchor.txt")
    for path in packages():
        run(SLUICE, "data", "import", path)
    apply(1)
    fts()
    (HOME / "job.lua").write_text('output("n", from "dept-1.table_1":group_by("col_2"):summarise { persons = "units()" }\n'
                                  '  :describe { persons = "persons of the bench, 2025, all ages" })\n')
    (HOME / "made").touch()


def commands():
    rows = [("data ls", [SLUICE, "data", "ls"], None),
            ("data ls, with a key", [SLUICE, "data", "ls", "--key", "ana"], None),
            ("data show", [SLUICE, "data", "show", "dept-1.table_1"], None)]
    for word, trigram in WORDS:
        good = (0, 1)
        rows.append((f"data search {word}", [SLUICE, "data", "search", word], good))
        rows.append((f"  grep -ri {word} over the JSON", ["grep", "-ri", word, "packages", "--include=*.json"], good))
        if trigram:
            rows.append((f"  sqlite3, FTS5 trigram {trigram}",
                         ["sqlite3", "fts.db", f"SELECT * FROM f WHERE f MATCH '\"{trigram}\"' LIMIT 20"], good))
    rows += [("data search 住院, with a key", [SLUICE, "data", "search", "住院", "--key", "ana"], (0, 1)),
             ("policy lint, 17,000 grants", [SLUICE, "policy", "lint", "policy.json"], (0, 1)),
             ("can-i job run, a project of 20 tables", [SLUICE, "can-i", "job.run", "p0", "--key", "ana"], None),
             ("job check, a project of 20 tables", [SLUICE, "job", "check", "job.lua", "-p", "p0", "--key", "ana"], None),
             ("data refresh, one table that is as it was", [SLUICE, "data", "refresh", "dept-1.table_1"], None)]
    return rows


def main():
    path = HERE / "results" / f"{time.strftime('%Y-%m-%d', time.gmtime())}-catalogue.txt"
    lines, took = [], {}

    def out(words):
        lines.append(words)
        print(words, flush=True)

    make()
    load = os.getloadavg()[0]
    head(out, f"{OWNERS} owners, {TABLES} tables, {COLUMNS} columns; whole commands, medians of {ROUNDS}, ms")
    rows = commands()
    for _ in range(ROUNDS):
        for name, words, good in random.sample(rows, len(rows)):
            took.setdefault(name, []).append(timed(words, good or (0,)))
    start = time.perf_counter()
    apply(int(run("sqlite3", "enclave/state.db", "SELECT max(serial) FROM policy")) + 1)
    applied = 1000 * (time.perf_counter() - start)
    for name, _, _ in rows:
        wall, cpu = zip(*took[name])
        out(f"{name:48} {statistics.median(wall):8.0f}   ({min(wall):.0f} to {max(wall):.0f})"
            f"   processor {statistics.median(cpu):4.0f}")
    out(f"{'policy sign and apply, 17,000 grants, once':48} {applied:8.0f}")
    out(f"load {load:.1f} before, {os.getloadavg()[0]:.1f} after (one minute)")
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

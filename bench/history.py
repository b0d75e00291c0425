"""history.py - how long comparing a publication with everything released before takes, in its steps and as a whole.

The steps are of bench_history: two functions in one process. The whole is `sluice request new` for a table of 1,000 cells
over 100,000 units beside 100 releases of 100 cells each, all of whose units are in a cell of each: reading and unsealing
who was in what, the engine's pass over them, frames between processes, the rules, the audit, the request itself. What is
asked for is made once, in build/bench-data/history. ROUNDS: default 5.
"""
import hashlib
import itertools
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time

import sides
from sides import DATA, HERE, SLUICE
from table import head

HOME = DATA / "history"
ROUNDS = int(os.environ.get("ROUNDS", "5"))
UNITS, COLUMNS, VALUES, RELEASES = 100000, 15, 10, 100
WANTED = 2.0


def run(*words, good=(0,)):
    ran = subprocess.run([SLUICE, *words], cwd=HOME, text=True, capture_output=True,
                         env=dict(os.environ, SLUICE_DIR=str(HOME / "enclave")))
    if ran.returncode not in good:
        sys.exit(f"bench: sluice {' '.join(words)}: {ran.stdout}{ran.stderr}")
    return ran.stdout


def catalogue():
    group = {"uses": ["group", "filter"]}
    labels = {"enum": [str(v) for v in range(VALUES)], "required": True}
    fields = [{"name": f"c{i}", "type": "integer", "title": f"C{i}", "constraints": labels, "sluice": group}
              for i in range(COLUMNS)]
    about = {"owner": "office", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": True,
             "period": "2020"}
    return {"name": "s", "resources": [{"name": "p", "path": "p.csv", "title": "Made up", "sluice": about,
                                        "schema": {"fields": [{"name": "id", "type": "integer"}, *fields]}}]}


def policy():
    def key(who):
        return " ".join((HOME / f"{who}.pub").read_text().split()[:2])

    roles = {"olga": "officer", "rui": "reviewer", "ana": "analyst"}
    digest = hashlib.sha256((HOME / "datapackage.json").read_bytes()).hexdigest()
    return {"sluice_policy": 1, "enclave": "demo", "serial": 1, "catalogues": {"s": "sha256:" + digest},
            "people": {who: {"roles": [role], "key": key(who)} for who, role in roles.items()},
            "disclosure": {"profile": "tre-uk"}, "limits": {"slot_ms": 0},
            "projects": {"x": {"purpose": "How a bench is done", "analysts": ["ana"], "expires": "2099-12-31",
                               "approvals": 1, "tables": {"s.p": {f"c{i}": ["group"] for i in range(COLUMNS)}}}}}


def job(*columns):
    """A job that counts persons by these columns: its id."""
    keys = ", ".join(f'"{c}"' for c in columns)
    told = ", ".join(f'{c} = "{c}"' for c in columns)
    (HOME / "job.lua").write_text(f'output("t", from "s.p" :group_by({keys}) :summarise {{ n = "units()" }}\n'
                                  f'  :describe {{ n = "persons", {told}, purpose = "counts; unit: person, 2020" }})\n')
    return run("job", "run", "job.lua", "-p", "x", "--key", "ana").split()[0]


def asked(of):
    return ["request", "new", of, "--context", "Table of the yearly report", "--key", "ana"]


def release(*columns):
    request = run(*asked(job(*columns))).split()[0]
    findings = json.loads(run("review", "show", request, "--json", "--key", "rui"))["findings"]
    rules = sorted({f["rule"] for f in findings if f["severity"] == "review"})
    run("review", "approve", request, "--comment", "seen", *(w for r in rules for w in ("--acknowledge", r)), "--key", "rui")


def make():
    if (HOME / "made").exists():
        return
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    draw = random.Random(5)
    with open(HOME / "p.csv", "w") as file:
        file.write("id," + ",".join(f"c{i}" for i in range(COLUMNS)) + "\n")
        for unit in range(1, UNITS + 1):
            file.write(f"{unit}," + ",".join(str(draw.randrange(VALUES)) for _ in range(COLUMNS)) + "\n")
    (HOME / "datapackage.json").write_text(json.dumps(catalogue()))
    for who in ("olga", "rui", "ana"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", HOME / who], check=True)
    (HOME / "policy.json").write_text(json.dumps(policy()))
    run("init", "enclave", "--name", "demo", "--officer", "olga=olga.pub", "--anchor", "anchor.txt")
    run("data", "import", "datapackage.json")
    run("policy", "sign", "policy.json", "--key", "olga")
    run("policy", "apply", "policy.json", "--signature", "policy.json.sig")
    for a, b in itertools.islice(itertools.combinations(range(COLUMNS), 2), RELEASES):
        release(f"c{a}", f"c{b}")
    (HOME / "made").touch()


def whole(out):
    """request new, from before it is started until it is reaped."""
    os.environ["SLUICE_DIR"] = str(HOME / "enclave")
    took = []
    for _ in range(ROUNDS):
        of = job(*(f"c{i}" for i in (COLUMNS - 5, COLUMNS - 3, COLUMNS - 1)))
        took.append(sides.Ran([SLUICE, *asked(of)], cwd=HOME))
    wall, cpu = (statistics.median(getattr(t, which) for t in took) for which in ("wall", "cpu"))
    kept = "reached" if wall <= WANTED else "by processor time reached" if cpu <= WANTED else "NOT reached"
    out(f"{'request new, 1,000 cells beside 100 releases':<44} {wall:9.3f} s  processor {cpu:.3f} s, all processes; "
        f"medians of {ROUNDS}")
    out(f"{'the whole':<44} {'':9}    wanted {WANTED:.0f} s: {kept}\n")


def main():
    path = HERE / "results" / f"{time.strftime('%Y-%m-%d', time.gmtime())}-history.txt"
    lines = []

    def out(words):
        lines.append(words)
        print(words, flush=True)

    make()
    load = os.getloadavg()[0]
    head(out, "Comparing with earlier releases")
    out(f"as        {'root' if os.geteuid() == 0 else 'an ordinary user'}\n")
    out(subprocess.run([sides.PROGRAMS / "bench_history"], check=True, text=True, stdout=subprocess.PIPE).stdout)
    whole(out)
    out(f"load {load:.1f} before, {os.getloadavg()[0]:.1f} after (one minute)")
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

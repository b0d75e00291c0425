"""policy.py - the officer's commands on a policy of 17,000 grants, in the enclave of catalogue.py; jq and Python beside.

eval asks of one job what the policy says; lint, test (60 cases) and diff judge files. Beside them: jq and Python, whole
processes too, reading the same file of JSON without judging anything. Each round asks every side once, in an order drawn
anew; medians on the clock, and of the processor. ROUNDS: default 21.
"""
import json
import os
import random
import shutil
import statistics
import sys
import time

from catalogue import HOME, OWNERS, PROJECTS, ROUNDS, SLUICE, TABLES, make, policy, timed
from sides import HERE
from table import head

PEER = "python3, json.load of the file"


def files():
    """Beside the policy: the next one, which takes one use of every project, and cases for either."""
    now = policy()
    (HOME / "now.json").write_text(json.dumps(now, ensure_ascii=False))
    for p in now["projects"].values():
        columns = next(iter(p["tables"].values()))
        del columns[next(iter(columns))]
    (HOME / "then.json").write_text(json.dumps(now | {"serial": 2}, ensure_ascii=False))
    cases = [{"name": f"ana's job in p{i}", "as": "ana", "project": f"p{i}", "job": "job.lua",
              "expect": "permitted" if i == 0 else "not permitted"} for i in range(PROJECTS)]
    cases += [{"name": f"{who} and p{i}", "as": who, "project": f"p{i}", "action": "job run", "expect": expect}
              for i in range(PROJECTS) for who, expect in (("ana", "yes"), ("rui", "no"))]
    (HOME / "cases.json").write_text(json.dumps({"sluice_policy_cases": 1, "cases": cases}))


def commands():
    """What is asked, how, and which exit codes are an answer."""
    rows = [("policy eval, the one in force", [SLUICE, "policy", "eval", "--as", "ana", "--job", "job.lua", "-p", "p0",
                                               "--key", "olga"], (0,)),
            ("policy eval, of a file", [SLUICE, "policy", "eval", "--as", "ana", "--job", "job.lua", "-p", "p0",
                                        "--policy", "now.json", "--key", "olga"], (0,)),
            ("policy lint", [SLUICE, "policy", "lint", "now.json", "--key", "olga"], (0,)),
            ("policy test, 60 cases, 20 of them jobs", [SLUICE, "policy", "test", "cases.json", "--policy", "now.json", "--key", "olga"], (0,)),
            ("policy diff, two files", [SLUICE, "policy", "diff", "now.json", "then.json", "--key", "olga"], (0,)),
            (PEER, [sys.executable, "-c", "import json; json.load(open('now.json'))"], (0,))]
    if shutil.which("jq"):
        rows.append(("jq, how many projects the file has", ["jq", ".projects | length", "now.json"], (0,)))
    return rows


def main():
    path = HERE / "results" / f"{time.strftime('%Y-%m-%d', time.gmtime())}-policy.txt"
    lines, took = [], {}

    def out(words):
        lines.append(words)
        print(words, flush=True)

    make()
    files()
    load = os.getloadavg()[0]
    head(out, f"A policy of {PROJECTS} projects over {OWNERS} owners and {TABLES} tables, "
              f"{(HOME / 'now.json').stat().st_size // 1024} kB; whole commands, medians of {ROUNDS}, ms")
    rows = commands()
    for _ in range(ROUNDS):
        for name, words, good in random.sample(rows, len(rows)):
            took.setdefault(name, []).append(timed(words, good))
    peer = statistics.median(cpu for _, cpu in took[PEER])
    for name, _, _ in rows:
        wall, cpu = zip(*took[name])
        out(f"{name:48} {statistics.median(wall):8.0f}   ({min(wall):.0f} to {max(wall):.0f})"
            f"   processor {statistics.median(cpu):4.0f}, {statistics.median(cpu) / peer:.1f} of python3's")
    out(f"load {load:.1f} before, {os.getloadavg()[0]:.1f} after (one minute)")
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

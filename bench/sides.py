"""sides.py - both sides of the bench: an enclave with made-up tables, and the programs that answer the same questions.

Imported by table.py and scale.py. A side that cannot be had is told with one line and left out.
"""
import datetime
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent
DATA = TOP / "build/bench-data"
MODULES = TOP / "build/bench-js"
BIN = pathlib.Path(os.environ.get("SLUICE_BIN", TOP / "build/release/bin")).resolve()
SLUICE = str(BIN / "sluice")
PROGRAMS = BIN.parent / "bench"
DAYS, BAND_DAYS = 3653, 18


def say(words):
    print(f"bench: {words}", file=sys.stderr, flush=True)


class Ran:
    """One process: wall and processor seconds, peak memory in bytes of the largest process in it."""

    def __init__(self, argv, stdin=None, cwd=None):
        log = DATA / "last.log"
        start = time.perf_counter()
        with open(log, "w") as out:
            process = subprocess.Popen([str(a) for a in argv], stdin=stdin or subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT, cwd=cwd)
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall, self.cpu = time.perf_counter() - start, used.ru_utime + used.ru_stime
        self.peak, self.out = used.ru_maxrss * 1024, log.read_text()
        if status:
            sys.exit(f"bench: {' '.join(map(str, argv))}: {self.out[-2000:]}")


# --- tables ---------------------------------------------------------------------------------------------

def field(name, kind, uses=(), constraints=None, **sluice):
    sluice |= {"level": 4 if name == "person_id" else 2}
    if uses:
        sluice["uses"] = list(uses)
    if "measure" in uses:
        sluice["measured_in"] = "1"
    return {"name": name, "type": kind, "title": name, "constraints": {"required": True} | (constraints or {}), "sluice": sluice}


def resource(name, path, space, fields, one_row=False):
    about = {"owner": "bench", "class": "confidential", "owner_approval": False, "unit": {"column": "person_id", "space": space}, "period": "three years"}
    if one_row:
        about["one_row_per_unit"] = True
    return {"name": name, "path": path, "title": name, "sluice": about, "schema": {"fields": fields}}


def names(letter, count):
    return {"enum": [f"{letter}{i:02d}" for i in range(count)]}


def event_fields():
    ages = {"enum": [f"{i * 10}-{i * 10 + 9}" for i in range(9)]}
    return [
        field("person_id", "integer"),
        field("org_id", "integer", ["filter"]),
        field("region", "string", ["group", "filter"], names("R", 31)),
        field("sector", "string", ["group", "filter"], names("S", 20)),
        field("sex", "string", ["group", "filter"], {"enum": ["F", "M"]}),
        field("age_band", "string", ["group", "filter"], ages),
        field("day", "integer", ["group", "filter"], {"minimum": 0, "maximum": DAYS - 1},
              bands=list(range(0, DAYS, BAND_DAYS))),
        field("amount", "number", ["measure"], scale=2)]


def person_fields():
    return [field("person_id", "integer"), field("home", "string", ["group"], names("R", 31)),
            field("born", "integer", ["filter"])]


def package(path, name, resources):
    path.write_text(json.dumps({"name": name, "title": name, "licenses": [{"name": "CC0-1.0"}], "resources": resources}))
    return path


def packages():
    """name -> datapackage.json, all tables in DATA."""
    events = lambda name, file, space: resource(name, file, space, event_fields())
    return {name: package(DATA / f"{name}.json", name, resources) for name, resources in {
        "big": [events("events", "events.csv", "person")],
        "small": [events("events", "hundred.csv", "small"), events("one", "one.csv", "one")],
        # The persons first, so that those with events are spread among all of them.
        "joined": [resource("persons", "persons.csv", "member", person_fields(), True), events("events", "events.csv", "member")],
        "attached": [events("events", "events.csv", "person")],
        "scale": [events("events", "scale.csv", "person")],
    }.items()}


def generated(path, *arguments):
    if path.exists():
        return
    say(f"generating {path.name}")
    half = path.with_suffix(".half")
    with open(half, "w") as out:
        subprocess.run([PROGRAMS / "bench_generate", *map(str, arguments)], stdout=out, check=True)
    half.rename(path)


def cut(path, source, rows):
    if not path.exists():
        with open(source) as lines, open(path, "w") as out:
            out.writelines(line for _, line in zip(range(rows + 1), lines))


def tables():
    generated(DATA / "events.csv", "events", 10_000_000, 1_000_000, 7)
    generated(DATA / "persons.csv", "persons", 5_000_000)
    cut(DATA / "hundred.csv", DATA / "events.csv", 100_000)
    cut(DATA / "one.csv", DATA / "events.csv", 1)


# --- our side -------------------------------------------------------------------------------------------

class Enclave:
    """Founded, with a policy in force that grants everything to one project; tables are imported as asked."""

    def __init__(self, place, datasets, threads=os.cpu_count()):
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        self.place, self.dir, self.key = place, place / "enclave", place / "ana"
        self.packages = {name: path for name, path in packages().items() if name in datasets}
        for who in ("olga", "rui", "ana"):
            Ran(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", place / who])
        Ran([SLUICE, "init", self.dir, "--name", "bench", "--officer", f"olga={place / 'olga.pub'}", "--anchor", place / "anchor.txt"])
        self.threads = threads

    def import_(self, name, *words):
        ran = Ran([SLUICE, "data", "import", self.packages[name], "--dir", self.dir, *words])
        return ran

    def attach(self, file):
        return Ran([SLUICE, "data", "attach", file, "--table", "ev", "--as", "attached.events", "--package",
                    self.packages["attached"], "--dir", self.dir])

    def bytes(self):
        return sum(f.stat().st_size for f in (self.dir / "vault").iterdir())

    def apply_policy(self, rows_max=100_000_000):
        policy = self.place / "policy.json"
        people = {who: {"roles": [role], "key": " ".join((self.place / f"{who}.pub").read_text().split()[:2])}
                  for who, role in (("olga", "officer"), ("rui", "reviewer"), ("ana", "analyst"))}
        grants = {}
        for name, path in self.packages.items():
            for r in json.loads(path.read_text())["resources"]:
                grants[f"{name}.{r['name']}"] = {f["name"]: f["sluice"]["uses"] for f in r["schema"]["fields"] if "uses" in f["sluice"]}
        policy.write_text(json.dumps({
            "sluice_policy": 1, "enclave": "bench", "serial": 1, "officers_needed": 1, "people": people,
            "catalogues": {name: "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest() for name, path in self.packages.items()},
            "disclosure": {"profile": "tre-uk"}, "limits": {"threads": self.threads, "rows_max": rows_max, "slot_ms": 0},
            "projects": {"bench": {"purpose": "measuring", "analysts": ["ana"], "approvals": 1, "tables": grants,
                                   "expires": str(datetime.date.today() + datetime.timedelta(days=200))}}}, indent=1))
        Ran([SLUICE, "policy", "sign", policy, "--key", self.place / "olga"])
        Ran([SLUICE, "policy", "apply", policy, "--signature", f"{policy}.sig", "--dir", self.dir])

    def job(self, script):
        return [SLUICE, "job", "run", script, "-p", "bench", "--key", self.key, "--dir", self.dir]


class Engine:
    """The confined engine over an enclave's tables; answers as engine_run.c says."""

    def __init__(self, enclave, scripts):
        self.numbers = {name: i for i, name in enumerate(scripts)}
        self.process = subprocess.Popen(
            [str(a) for a in (BIN / "bench_engine_run", enclave.dir, enclave.key, "bench", *scripts.values())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"})

    def ask(self, name, threads):
        print(self.numbers[name], threads, file=self.process.stdin, flush=True)
        words = self.process.stdout.readline().split()
        if len(words) != 10:
            sys.exit(f"bench: the engine did not answer {name}")
        return float(words[0]), float(words[1]), [int(w) for w in words[2:]]


# --- the others -----------------------------------------------------------------------------------------

class Peer:
    """A process that answers a line with a line of JSON; None where it cannot be had."""

    def __init__(self, name, argv):
        self.name = name
        self.process = subprocess.Popen([str(a) for a in argv], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        hello = self.process.stdout.readline()
        self.version = json.loads(hello)["version"] if hello else None

    def line(self, text):
        print(text, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"bench: {self.name} ended at {text}")
        return json.loads(answer)

    def ask(self, sql, threads=1):
        got = self.line(json.dumps({"threads": threads, "sql": sql}))
        return got["seconds"], got["cpu"], got.get("rows", [])

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def peer(name, argv, why):
    if shutil.which(str(argv[0])) is None:
        say(f"{name} is left out: no {argv[0]}")
        return None
    found = Peer(name, argv)
    if found.version is None:
        say(f"{name} is left out: {why}")
        return None
    return found


def modules():
    """The npm packages, installed under build/ once."""
    if shutil.which("npm") is None:
        return
    MODULES.mkdir(parents=True, exist_ok=True)
    for name in ("@duckdb/node-api", "chdb"):
        if not (MODULES / "node_modules" / name).exists():
            subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", MODULES, name], cwd=MODULES,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def duckdb(file):
    return peer("DuckDB", ["node", HERE / "peer_duckdb.js", MODULES, file], "npm install @duckdb/node-api did not work")


def clickhouse(directory):
    return peer("ClickHouse", ["node", HERE / "peer_clickhouse.js", MODULES, directory], "npm install chdb did not work")


def pandas():
    return peer("pandas", ["/usr/bin/python3", HERE / "peer_pandas.py", DATA / "events.csv"], "the package python3-pandas is not installed")

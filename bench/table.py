"""table.py PART - the speed table: `engine` (questions, whole jobs, attaching), `import` or `costs`; started by run.sh.

Both sides of a row are measured in the same run: each round asks every side once, in an order drawn anew, and the row
has the medians. A ratio above 1 says that Sluice is faster. What takes others minutes is asked once (SLOW).
ROUNDS: how many (default 5). SIDES: which others, of duckdb, clickhouse, sqlite, pandas (default: all).
"""
import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import time

import sides
from sides import DATA, HERE, Ran, say

ROUNDS = int(os.environ.get("ROUNDS", "5"))
SIDES = os.environ.get("SIDES", "duckdb clickhouse sqlite pandas").split()
SLOW = 2

PLAIN = "SELECT region, day // 18 AS band, count(*), sum(amount) FROM ev GROUP BY ALL"
EVIDENCE = ("WITH u AS (SELECT region, day // 18 AS band, person_id, count(*) AS n, sum(amount) AS s FROM ev GROUP BY ALL) "
            "SELECT region, band, sum(n) AS n, sum(s) AS total, count(*) AS units, max(s, 2) AS top FROM u GROUP BY ALL")
DISTINCT = "SELECT region, day // 18 AS band, count(*), sum(amount), count(DISTINCT person_id) FROM ev GROUP BY ALL"
DUCKDB = {
    "plain": PLAIN,
    "distinct": DISTINCT,
    "evidence": EVIDENCE,
    "one_key": "SELECT region, count(*), sum(amount) FROM ev GROUP BY region",
    "filter": "SELECT region, count(*), avg(amount) FROM ev WHERE day >= 1827 GROUP BY region",
    "join": "SELECT home, count(*), sum(amount) FROM ev JOIN persons USING (person_id) GROUP BY home",
    "median": "SELECT region, quantile_disc(amount, [0.5, 0.9]) FROM ev GROUP BY region",
}
CLICKHOUSE = {
    "plain": "SELECT region, intDiv(day, 18) AS band, count(), sum(amount) FROM b.ev GROUP BY region, band",
    "evidence": "SELECT region, band, sum(n), sum(s), count(), groupArraySorted(2)(-s) FROM (SELECT "
                "region, intDiv(day, 18) AS band, person_id, count() AS n, sum(amount) AS s FROM b.ev GROUP BY region, band, "
                "person_id) GROUP BY region, band",
}
SQLITE = ("WITH u AS (SELECT region, day / 18 AS band, person_id, count(*) AS n, sum(amount) AS s FROM ev GROUP BY 1, 2, 3), "
          "r AS (SELECT *, row_number() OVER (PARTITION BY region, band ORDER BY s DESC) AS k FROM u) "
          "SELECT region, band, sum(n), sum(s), count(*), sum(s) FILTER (WHERE k <= 2) FROM r GROUP BY 1, 2")
# What, our question, threads, DuckDB's question, how many times as fast it should be.
ROWS = [
    ("two-key crosstab, full evidence | DuckDB with distinct persons, top two", "crosstab", 1, "evidence", 20),
    ("the same", "crosstab", 2, "evidence", 12),
    ("the same | DuckDB with distinct persons only", "crosstab", 1, "distinct", None),
    ("the same | DuckDB's plain count and sum", "crosstab", 1, "plain", 1),
    ("the same", "crosstab", 2, "plain", 1),
    ("one key, count and sum, evidence | DuckDB, none", "one_key", 1, "one_key", 1 / 1.3),
    ("the same", "one_key", 2, "one_key", 1 / 1.3),
    ("filter and mean, evidence | DuckDB, none", "filter", 1, "filter", 1 / 1.3),
    ("the same", "filter", 2, "filter", 1 / 1.3),
    ("join to 5 M persons, evidence | DuckDB, none", "join", 1, "join", 5),
    ("the same", "join", 2, "join", 5),
    ("median and p90 by group, evidence | DuckDB, none", "median", 1, "median", 5),
    ("the same", "median", 2, "median", 5),
]
OURS = ["crosstab", "one_key", "filter", "join", "median", "one_row"]


class Times:
    """(side, question, threads) -> [(wall, processor seconds)]"""

    def __init__(self):
        self.of = {}

    def add(self, key, wall, cpu):
        self.of.setdefault(key, []).append((wall, cpu))

    def median(self, key, what=0):
        return statistics.median(t[what] for t in self.of[key]) if key in self.of else None


def number(seconds):
    return "-" if seconds is None else f"{seconds:.3f}" if seconds < 10 else f"{seconds:.1f}"


HEADER = f"{'':72} {'thr':>3} {'ours s':>8} {'theirs s':>8} {'ratio':>8} {'wanted':>7}  reached   {'by processor time':>10}"


def row(words, threads, ours, theirs, wanted, cpu=(None, None)):
    """One line of the table; ours and theirs are seconds."""
    if theirs is None:
        return f"{words:72} {threads:>3} {number(ours):>8} {'left out':>8}"
    ratio = theirs / ours
    want, reached = (f"{wanted:7.2f}", "yes" if ratio >= wanted else "NO") if wanted else (f"{'':7}", "")
    by_cpu = f"{cpu[1] / cpu[0]:8.2f}" if cpu[0] and cpu[1] else ""
    return f"{words:72} {threads:>3} {number(ours):>8} {number(theirs):>8} {ratio:8.2f} {want}  {reached:9} {by_cpu}"


# --- questions ------------------------------------------------------------------------------------------

def load_duckdb(duck):
    columns = ("{'person_id':'INTEGER','org_id':'INTEGER','region':'VARCHAR','sector':'VARCHAR','sex':'VARCHAR',"
               "'age_band':'VARCHAR','day':'INTEGER','amount':'DECIMAL(18,2)'}")
    sql = f"CREATE OR REPLACE TABLE ev AS SELECT * FROM read_csv('{DATA}/events.csv', header = true, columns = {columns})"
    took = duck.ask(sql, os.cpu_count())
    checkpoint = duck.ask("CHECKPOINT", os.cpu_count())
    return took[0] + checkpoint[0], took[1] + checkpoint[1]


def start_duckdb():
    file = DATA / "duck.db"
    file.unlink(missing_ok=True)
    duck = sides.duckdb(file) if "duckdb" in SIDES else None
    if duck:
        load_duckdb(duck)
        duck.ask(f"CREATE OR REPLACE TABLE persons AS SELECT * FROM read_csv('{DATA}/persons.csv', header = true, "
                 "columns = {'person_id':'INTEGER','home':'VARCHAR','born':'INTEGER'})", os.cpu_count())
        duck.ask("CHECKPOINT")
    return duck


def start_clickhouse():
    place = DATA / "clickhouse"
    shutil.rmtree(place, ignore_errors=True)
    house = sides.clickhouse(place) if "clickhouse" in SIDES else None
    if house:
        house.ask("CREATE DATABASE b")
        house.ask("CREATE TABLE b.ev (person_id Int32, region LowCardinality(String), day Int32, amount Decimal(18, 2)) "
                  "ENGINE = MergeTree ORDER BY tuple()")
        house.ask("INSERT INTO b.ev SELECT person_id, region, day, amount FROM "
                  f"file('{DATA}/events.csv', 'CSVWithNames')", os.cpu_count())
    return house


def sqlite_file():
    """The table as a person would import it, kept between runs."""
    file = DATA / "events.sqlite"
    if not file.exists():
        say("importing into SQLite")
        half = DATA / "events.sqlite-half"
        half.unlink(missing_ok=True)
        subprocess.run(["sqlite3", half], check=True, text=True, input=(
            "CREATE TABLE ev (person_id INTEGER, org_id INTEGER, region TEXT, sector TEXT, sex TEXT, age_band TEXT, day INTEGER,"
            f" amount REAL);\nPRAGMA journal_mode = OFF;\n.mode csv\n.import --skip 1 {DATA}/events.csv ev\n"))
        half.rename(file)
    return file


def asked(engine, duck, others):
    """Every question of every side as (key, function, slow)."""
    todo = [(("sluice", q, t), lambda q=q, t=t: engine.ask(q, t), False) for q in OURS for t in (1, 2)]
    if duck:
        todo += [(("duckdb", q, t), lambda q=q, t=t: duck.ask(DUCKDB[q], t), q in ("evidence", "distinct"))
                 for q in DUCKDB for t in (1, 2)]
    for name, (side, questions) in others.items():
        if side:
            todo += [((name, q, 1), lambda side=side, ask=ask: ask(side), True) for q, ask in questions.items()]
    return todo


def measure(todo, times):
    shuffle = random.Random(1)
    for number_ in range(ROUNDS + 1):
        say(f"round {number_} of {ROUNDS}" if number_ else "warming")
        order = [t for t in todo if not t[2] or 0 < number_ <= SLOW]
        shuffle.shuffle(order)
        for key, ask, _ in order:
            got = ask()
            if number_:
                times.add(key, got[0], got[1])


def same(engine, duck):
    """What the crosstab adds up to must be the same on both sides, or there is nothing to compare."""
    _, _, (rows, _, units, _, counted, total, also, top) = engine.ask("crosstab", 2)
    words = f"our crosstab adds up to {rows} rows, {total / 100:.2f}, {units} persons in cells, largest of each {top / 100:.2f}"
    if duck:
        got = duck.ask(f"SELECT sum(n), sum(total), sum(units), sum(top[1]) FROM ({EVIDENCE})", 2)[2][0]
        theirs = [round(float(got[0])), round(float(got[1]) * 100), round(float(got[2])), round(float(got[3]) * 100)]
        if theirs != [rows, total, units, top] or (counted, also) != (rows, units):
            sys.exit(f"bench: DuckDB adds up to {theirs}, not {[rows, total, units, top]}")
        words += ": DuckDB's too"
    return words


def engine_part(out):
    enclave = sides.Enclave(DATA / "engine", ["big", "small", "joined"])
    for name in enclave.packages:
        say(f"importing {name}")
        enclave.import_(name)
    enclave.apply_policy()
    engine = sides.Engine(enclave, {q: HERE / f"questions/{q}.lua" for q in OURS})
    duck, times = start_duckdb(), Times()
    pandas = sides.pandas() if "pandas" in SIDES else None
    others = {
        "clickhouse": (start_clickhouse(), {q: lambda s, q=q: s.ask(CLICKHOUSE[q], 1) for q in CLICKHOUSE}),
        "pandas": (pandas, {q: lambda s, q=q: (lambda a: (a["seconds"], a["cpu"]))(s.line(q)) for q in ("plain", "evidence")}),
    }
    versions(out, {"DuckDB": duck, "ClickHouse": others["clickhouse"][0], "pandas": pandas})
    out("same      " + same(engine, duck))
    measure(asked(engine, duck, others), times)
    out("\nEngine: from before sluice-engine is started and confined until its result is here and it is reaped.\n" + HEADER)
    for words, ours, threads, theirs, wanted in ROWS:
        a, b = ("sluice", ours, threads), ("duckdb", theirs, threads)
        out(row(words, threads, times.median(a), times.median(b), wanted, (times.median(a, 1), times.median(b, 1))))
    for name, (side, questions) in others.items():
        for q in questions if side else ():
            a, b = ("sluice", "crosstab", 1), (name, q, 1)
            out(row(f"crosstab, full evidence | {name}, {q}", 1, times.median(a), times.median(b), None,
                    (times.median(a, 1), times.median(b, 1))))
    out(f"of ours, starting, confining and answering over one row: {times.median(('sluice', 'one_row', 1)) * 1e3:.1f} ms "
        f"({times.median(('sluice', 'one_row', 2)) * 1e3:.1f} with two threads)")
    for side in (duck, others["clickhouse"][0], pandas):
        if side:
            side.close()
    job_rows(out, enclave)
    if "sqlite" in SIDES and shutil.which("sqlite3"):
        attached(out)
    else:
        say("SQLite is left out")


def job_rows(out, enclave):
    """Whole processes: `job run` beside the sqlite3 shell, on a table of 100,000 rows."""
    big = [Ran(enclave.job(HERE / "questions/crosstab.lua")).wall for _ in range(3)]
    out(f"whole `job run` of the crosstab, {enclave.threads} threads: {number(statistics.median(big))} s")
    if not shutil.which("sqlite3"):
        return
    file = DATA / "hundred.sqlite"
    file.unlink(missing_ok=True)
    subprocess.run(["sqlite3", file], check=True, text=True, input=(
        "CREATE TABLE ev (person_id INTEGER, org_id INTEGER, region TEXT, sector TEXT, sex TEXT, age_band TEXT, day INTEGER, "
        f"amount REAL);\n.mode csv\n.import --skip 1 {DATA}/hundred.csv ev\n"))
    question = ["sqlite3", "-readonly", file, "SELECT region, count(*), sum(amount) FROM ev GROUP BY region"]
    pairs = [(Ran(enclave.job(HERE / "questions/small.lua")).wall, Ran(question).wall) for _ in range(4 * ROUNDS + 1)][1:]
    ours, theirs = (statistics.median(p[i] for p in pairs) * 1e3 for i in (0, 1))
    more = statistics.median(a - b for a, b in pairs) * 1e3
    out(f"whole `job run`, 100,000 rows: {ours:.1f} ms; sqlite3 shell, plain question: {theirs:.1f} ms; "
        f"more: {more:.1f} ms, wanted at most 25: {'reached' if more <= 25 else 'NOT reached'}")


def attached(out):
    file, enclave = sqlite_file(), sides.Enclave(DATA / "attached", ["attached"])
    say("SQLite's own SQL with evidence, minutes")
    theirs = Ran(["sqlite3", "-readonly", file, SQLITE])
    first = enclave.attach(file)
    enclave.apply_policy()
    job = Ran(enclave.job(HERE / "questions/attached.lua"))
    again = [Ran(enclave.job(HERE / "questions/attached.lua")) for _ in range(3)]
    a = statistics.median(r.wall for r in again)
    out("\nAttaching, whole commands\n" + HEADER)
    out(row("attach an SQLite table and ask the crosstab | SQLite's SQL with evidence", 2, first.wall + job.wall, theirs.wall, 3,
            (first.cpu + job.cpu, theirs.cpu)))
    out(row("the same, asked again", 2, a, theirs.wall, 300, (statistics.median(r.cpu for r in again), theirs.cpu)))


# --- import ---------------------------------------------------------------------------------------------

def import_part(out):
    times, sizes, peaks = Times(), {}, []
    for number_ in range(max(1, ROUNDS // 2)):
        say(f"import, round {number_ + 1}")
        enclave = sides.Enclave(DATA / "import", ["big"])
        ran = enclave.import_("big")
        times.add("sluice", ran.wall, ran.cpu)
        peaks.append(ran.peak)
        sizes["sluice"] = enclave.bytes()
        file = DATA / "import.db"
        file.unlink(missing_ok=True)
        duck = sides.duckdb(file) if "duckdb" in SIDES else None
        if duck:
            times.add("duckdb", *load_duckdb(duck))
            duck.close()
            sizes["duckdb"] = file.stat().st_size
    out("\nImport of the CSV with 10 M rows, 424 MB, to sealed\n" + HEADER)
    out(row("`data import` | DuckDB's read_csv into its file and a checkpoint", os.cpu_count(), times.median("sluice"),
            times.median("duckdb"), 1 / 1.5, (times.median("sluice", 1), times.median("duckdb", 1))))
    words = f"bytes: {sizes['sluice'] / 1e6:.1f} MB"
    if "duckdb" in sizes:
        verdict = "reached" if sizes["sluice"] <= sizes["duckdb"] else "NOT reached"
        words += f"; DuckDB's file {sizes['duckdb'] / 1e6:.1f} MB; not larger: {verdict}"
    out(f"{words}; peak memory of the import's largest process {max(peaks) / 1e6:.0f} MB")
    shutil.rmtree(DATA / "import")


# --- costs ----------------------------------------------------------------------------------------------

def costs_part(out):
    enclave = sides.Enclave(DATA / "costs", ["big", "small"])
    for name in enclave.packages:
        enclave.import_(name)
    enclave.apply_policy()
    engine = sides.Engine(enclave, {q: HERE / f"questions/{q}.lua" for q in ("crosstab", "one_row")})
    whole, start = ([engine.ask(q, 1)[1] * 1e3 for _ in range(ROUNDS)] for q in ("crosstab", "one_row"))
    out("\nWhere the time of the two-key crosstab goes: one thread, processor time, warm (bench_costs)")
    out(said(sides.PROGRAMS / "bench_costs", enclave.dir, "big.events"))
    out(f"{'the confined engine, the same and all other evidence':64} {min(whole):8.1f} ms {min(whole) / 10:7.2f} ns a row")
    out(f"{'of it over one row: starting, confining, answering':64} {min(start):8.1f} ms")
    shutil.rmtree(enclave.place)


# --- the paper ------------------------------------------------------------------------------------------

def said(*argv):
    return subprocess.run([str(a) for a in argv], capture_output=True, text=True, check=False).stdout.rstrip()


def head(out, title):
    with open("/proc/cpuinfo") as lines:
        model = next((l.split(":")[1].strip() for l in lines if l.startswith("model name")), platform.machine())
    out(f"{title}, {time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC")
    out(f"machine   {model}, {os.cpu_count()} processors, "
        f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB; Linux {platform.release()}")
    out(f"versions  {said(sides.SLUICE, '--version')}; sqlite3 {said('sqlite3', '--version').split(' ')[0] or 'left out'}")


def about_data(out):
    out("data      10 M rows, 1 M persons, 8 columns; 31 regions x 203 bands of a day; all in the page cache")
    out("          DuckDB: its own file, region VARCHAR, amount DECIMAL(18,2); Sluice: sealed, AES-256-GCM, confined")
    out(f"rounds    {ROUNDS}, sides that take seconds {min(SLOW, ROUNDS)}, minutes 1")


def versions(out, found):
    out("          " + "; ".join(f"{name} {side.version if side else 'left out'}" for name, side in found.items()))


def main():
    part = sys.argv[1]
    path = HERE / "results" / f"{time.strftime('%Y-%m-%d', time.gmtime())}-{part}.txt"
    path.parent.mkdir(exist_ok=True)
    lines = []

    def out(words):
        lines.append(words)
        print(words, flush=True)

    load = os.getloadavg()[0]
    sides.tables()
    sides.modules()
    head(out, "Sluice beside others")
    about_data(out)
    {"engine": engine_part, "import": import_part, "costs": costs_part}[part](out)
    out(f"\nload {load:.1f} before, {os.getloadavg()[0]:.1f} after (one minute). With others at work believe the column by "
        "processor time, not the seconds.")
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

"""scale.py [ROWS...] - the crosstab and the import as tables grow, and what follows for one of 1.76 billion rows.

Each size (default 10, 50 and 200 million rows; ten a person) is generated, imported and asked, then its CSV is deleted;
a size the disk does not hold is left out, and said so. Started by run.sh.
"""
import os
import shutil
import statistics
import sys
import time

import sides
from sides import DATA, HERE, Ran, say
from table import head

GOAL = 1_760_000_000
CSV_BYTES, SEALED_BYTES, SPILL_BYTES = 45, 20, 80  # a row, generously; beside each other while it is imported
ROUNDS = int(os.environ.get("ROUNDS", "3"))


def room_for(rows):
    return shutil.disk_usage(DATA).free > rows * (CSV_BYTES + SEALED_BYTES + SPILL_BYTES)


def imported(rows):
    csv = DATA / "scale.csv"
    csv.unlink(missing_ok=True)
    enclave = sides.Enclave(DATA / "scale", ["scale"])
    # A policy stands before the large table: without one an import ends at 100 million rows.
    sides.generated(csv, "events", 1, 1, 7)
    enclave.import_("scale")
    enclave.apply_policy(rows_max=4_000_000_000)
    before = enclave.bytes()
    csv.unlink()
    sides.generated(csv, "events", rows, rows // 10, 7)
    say(f"importing {rows} rows")
    ran = enclave.import_("scale")
    csv.unlink()
    return enclave, ran, enclave.bytes() - before


def asked(enclave):
    """Seconds of the engine with one and two threads, and the peak memory of a whole job."""
    engine = sides.Engine(enclave, {"scale": HERE / "questions/scale.lua"})
    times = [statistics.median(engine.ask("scale", threads)[0] for _ in range(ROUNDS)) for threads in (1, 2)]
    return times, Ran(enclave.job(HERE / "questions/scale.lua")).peak


def line(points):
    """Least squares: y = a + b x."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    mean_x, mean_y = statistics.mean(xs), statistics.mean(ys)
    b = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x in xs)
    return mean_y - b * mean_x, b


def fitted(out, found):
    out(f"\n{'straight line through them':28} {'fixed':>9} {'a million rows':>15} {'largest miss':>13} {'1.76 billion rows':>18}")
    for at, words in ((1, "import, s"), (2, "sealed, MB"), (3, "crosstab, one thread, s"), (4, "crosstab, two threads, s")):
        points = [(f[0] / 1e6, f[at]) for f in found]
        a, b = line(points)
        miss = max(abs(a + b * x - y) / y for x, y in points)
        out(f"{words:28} {a:9.2f} {b:15.4f} {miss * 100:11.1f} % {a + b * GOAL / 1e6:18.1f}")


def main():
    path = HERE / "results" / f"{time.strftime('%Y-%m-%d', time.gmtime())}-scale.txt"
    lines, found = [], []

    def out(words):
        lines.append(words)
        print(words, flush=True)
        path.write_text("\n".join(lines) + "\n")

    load = os.getloadavg()[0]
    head(out, "Sluice as tables grow")
    out(f"rounds    {ROUNDS} of each question, engine as in the table of the engine; one import")
    out(f"\n{'rows':>12} {'import s':>9} {'rows/s':>9} {'peak MB':>8} {'sealed MB':>10} {'crosstab 1 thr s':>17} {'2 thr s':>8} {'peak MB':>8}")
    for rows in [int(a) for a in sys.argv[1:]] or [10_000_000, 50_000_000, 200_000_000]:
        if not room_for(rows):
            out(f"{rows:12} left out: the disk has no room for its CSV, its spill and what is sealed")
            continue
        enclave, ran, sealed = imported(rows)
        (one, two), peak = asked(enclave)
        found.append((rows, ran.wall, sealed / 1e6, one, two))
        out(f"{rows:12} {ran.wall:9.1f} {rows / ran.wall:9.0f} {ran.peak / 1e6:8.0f} {sealed / 1e6:10.1f} {one:17.3f} {two:8.3f} {peak / 1e6:8.0f}")
        shutil.rmtree(enclave.place)
    if len(found) > 1:
        fitted(out, found)
    out(f"\nload {load:.1f} before, {os.getloadavg()[0]:.1f} after (one minute)")


if __name__ == "__main__":
    main()

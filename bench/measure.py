"""measure.py DATA PLAY MEMORY ROUNDS - time whole processes and print the table; started by job.sh.

Every round runs every command once, in an order drawn anew (from a fixed seed), so that what else the machine does, and
who ran just before, falls on all of them alike. Ratios and differences are taken within a round; the median over the rounds is printed, with the quartiles.
CPU is user + system time of the process and of all it waited for, which load disturbs less than wall time.
"""
import csv
import os
import pathlib
import platform
import random
import shutil
import statistics
import subprocess
import sys
import time

DATA, PLAY = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
MEMORY, ROUNDS = sys.argv[3], int(sys.argv[4])
HERE = pathlib.Path(__file__).resolve().parent
SLUICE, SQLITE = shutil.which("sluice"), shutil.which("sqlite3")
ROWS = {"persons": 17549, "events": 34340, "labs": 400123}


def cells(path, nkeys, skip):
    with open(path, newline="") as file:
        return {tuple(row[:nkeys]): row[nkeys:] for row in list(csv.reader(file))[skip:]}


def same_answers():
    """Numbers shown in the releases must be sqlite3's; returns how many were compared and how many are hidden."""
    shown = hidden = 0
    for number, question, nkeys in ((1, "diagnoses", 3), (2, "readings", 1)):
        ours = cells(PLAY / f"release-{number}/data/{question}.csv", nkeys, 1)
        theirs = cells(PLAY / f"{question}.csv", nkeys, 0)
        if not set(theirs) <= set(ours):
            sys.exit(f"bench: {question}: sqlite3 has other cells: {set(theirs) - set(ours)}")
        for cell, values in ours.items():
            for our, their in zip(values, theirs.get(cell, ["0"] * len(values))):
                if our.startswith("["):
                    hidden += 1
                    continue
                shown += 1
                # Readings are taken in on two decimals here, on all they have there.
                if abs(float(our) - float(their)) > (0.005 if "." in our else 0):
                    sys.exit(f"bench: {question} {cell}: {our} here, {their} in sqlite3")
    return shown, hidden


def commands():
    """name -> argv"""
    def job(verb, script, where):
        project = "liver" if script == diagnoses else "readings"
        return [SLUICE, "job", verb, str(script), "-p", project, "--key", key, "--dir", f"{where}/enclave"]

    def sqlite(question, file="study.db"):
        return [SQLITE, "-readonly", str(PLAY / file), f".read '{HERE}/{question}.sql'"]

    diagnoses, readings = DATA / "diagnoses.lua", HERE / "readings.lua"
    full, small, idle, key = PLAY / "full", PLAY / "small", PLAY / "idle", str(PLAY / "ana")
    all_ = {
        "diagnoses sluice": job("run", diagnoses, full),
        "diagnoses sqlite3": sqlite("diagnoses"),
        "diagnoses indexed": sqlite("diagnoses", "indexed.db"),
        "diagnoses small": job("run", diagnoses, small),
        "readings sluice": job("run", readings, full),
        "readings sqlite3": sqlite("readings"),
        "readings indexed": sqlite("readings", "indexed.db"),
        "readings small": job("run", readings, small),
        "help": [SLUICE, "help"],
        "doctor": [SLUICE, "doctor"],
        "data ls": [SLUICE, "data", "ls", "--dir", f"{idle}/enclave"],
        "job ls": [SLUICE, "job", "ls", "--key", key, "--dir", f"{idle}/enclave"],
        "job check": job("check", diagnoses, idle),
    }
    if MEMORY:
        all_["memory small"] = job("run", diagnoses, MEMORY)
    return all_


def environment():
    """A short PATH: looking for ssh-keygen in many directories would be measured too."""
    places = [os.path.dirname(p) for p in (SLUICE, shutil.which("ssh-keygen"))]
    return {"PATH": ":".join(places + ["/usr/bin", "/bin"]), "LC_ALL": "C", "HOME": str(PLAY)}


def once(argv, env):
    """Wall and CPU milliseconds of one process, from before it is started until it is reaped."""
    errors = str(PLAY / "stderr")
    before = time.perf_counter_ns()
    pid = os.posix_spawn(argv[0], argv, env, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)])
    _, status, used = os.wait4(pid, 0)
    wall = (time.perf_counter_ns() - before) / 1e6
    if status:
        sys.exit(f"bench: {' '.join(argv)}: exit code {os.waitstatus_to_exitcode(status)}\n{pathlib.Path(errors).read_text()}")
    return wall, (used.ru_utime + used.ru_stime) * 1e3


def measure():
    env, argvs = environment(), commands()
    times = {name: [] for name in argvs}
    shuffle = random.Random(1)
    for number in range(ROUNDS + 2):
        order = list(argvs)
        shuffle.shuffle(order)
        for name in order:
            took = once(argvs[name], env)
            if number >= 2:  # two rounds to warm the caches
                times[name].append(took)
    return times


def quartiles(values, digits=1):
    low, mid, high = statistics.quantiles(values, n=4, method="inclusive")
    return f"{mid:9.{digits}f} {f'{low:.{digits}f} .. {high:.{digits}f}':>18}"


class Times:
    def __init__(self, times):
        self.times = times

    def of(self, name, what=0):
        return [took[what] for took in self.times[name]]

    def less(self, name, other, what=0):
        return [a - b for a, b in zip(self.of(name, what), self.of(other, what))]


NAMES = {"sluice": "sluice job run", "sqlite3": "sqlite3 shell", "indexed": "sqlite3 shell, with an index"}


def compared(t, question, rows):
    print(f"\n{question}: {rows}\n{'':34}{'median ms':>9} {'quartiles':>18} {'least':>8} {'CPU ms':>8}")
    for name, words in NAMES.items():
        wall = t.of(f"{question} {name}")
        cpu = statistics.median(t.of(f"{question} {name}", 1))
        print(f"  {words:32}{quartiles(wall)} {min(wall):8.1f} {cpu:8.1f}")
    for name, words in (("sqlite3", "ratio within a round"), ("indexed", "ratio, with an index")):
        pairs = [a / b for a, b in zip(t.of(f"{question} sluice"), t.of(f"{question} {name}"))]
        least = min(t.of(f"{question} sluice")) / min(t.of(f"{question} {name}"))
        cpu = statistics.median(t.of(f"{question} sluice", 1)) / statistics.median(t.of(f"{question} {name}", 1))
        print(f"  {words:32}{quartiles(pairs, 2)} {least:8.2f} {cpu:8.2f}")


def parts(t, what):
    """Parts of the job on diagnoses: (words, how, differences in ms of wall or CPU time)."""
    start = [d / 4 for d in t.less("doctor", "help", what)]
    check = t.less("job check", "job ls", what)
    yield "start of sluice", "help", t.of("help", what)
    yield "opening the enclave", "data ls - help", t.less("data ls", "help", what)
    yield "two signatures, ssh-keygen", "2 x (job ls - data ls)", [2 * s for s in t.less("job ls", "data ls", what)]
    yield "confined starts, two", "2/4 x (doctor - help)", [2 * s for s in start]
    yield "script: plans, rights", "job check - job ls - start", [c - s for c, s in zip(check, start)]
    yield "query: rows read, counted", "run - run on one row", t.less("diagnoses sluice", "diagnoses small", what)
    if MEMORY:
        yield "waiting for the disk", "one row: disk - memory", t.less("diagnoses small", "memory small", what)


def shares(t):
    left = total = [statistics.median(t.of("diagnoses sluice", what)) for what in (0, 1)]
    print("\nwhere the time of the job on diagnoses goes")
    print(f"{'':60}{'median ms':>9} {'quartiles':>18} {'share':>6} {'CPU ms':>8} {'share':>6}")

    def line(words, how, middle, medians):
        share = [f"{100 * m / t:5.0f}%" for m, t in zip(medians, total)]
        print(f"  {words:30}{how:28}{middle} {share[0]} {medians[1]:8.1f} {share[1]}")

    for (words, how, wall), (_, _, cpu) in zip(parts(t, 0), parts(t, 1)):
        medians = [statistics.median(wall), statistics.median(cpu)]
        left = [rest - m for rest, m in zip(left, medians)]
        line(words, how, quartiles(wall), medians)
    line("commits and the rest", "what is left", f"{left[0]:9.1f} {'':18}", left)
    line("whole", "run", quartiles(t.of("diagnoses sluice")), total)


def engine(t):
    print("\nrows a second of the engine, from decrypting to cells (job run, less the same job on one row)")
    for question, rows in (("diagnoses", ROWS["events"] + ROWS["persons"]), ("readings", ROWS["labs"])):
        print(f"  {question}, {rows} rows")
        for what, words in ((1, "CPU"), (0, "wall")):
            taken = t.less(f"{question} sluice", f"{question} small", what)
            ms = statistics.median(taken)
            rate = f"{rows / ms / 1e3:.1f} million/s" if ms > 0 else "lost in the noise"
            print(f"    {words + ' ms':30}{quartiles(taken)}   {rate}")


def first_line(path, start):
    try:
        with open(path) as file:
            return next((line for line in file if line.startswith(start)), "").partition(":")[2].strip()
    except OSError:
        return ""


def said(*argv):
    return subprocess.run(argv, capture_output=True, text=True).stdout.strip()


def head(shown, hidden, load):
    processor = first_line("/proc/cpuinfo", "model name") or platform.machine()
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    disk = said("stat", "-f", "-c", "%T", str(PLAY))
    print(f"A whole job beside the sqlite3 shell, {time.strftime('%Y-%m-%d', time.gmtime())}, {ROUNDS} rounds")
    print(f"machine   {processor}, {os.cpu_count()} processors; enclave on {disk}")
    print(f"versions  {said(SLUICE, '--version')}; sqlite3 {said(SQLITE, '--version').split()[0]}; "
          f"Linux {platform.release()}; {system}")
    print(f"load      {load[0]:.1f} before, {os.getloadavg()[0]:.1f} after (one minute; the bench itself is about 1)")
    print(f"same      {shown} numbers of the releases are sqlite3's, {hidden} are hidden by the rules")
    print("\nThe two do not do the same work: sluice checks who asks and what for, confines two processes, decrypts,")
    print("computes the evidence the output check needs, seals the result and signs the log. The table is in the page")
    print("cache for both; importing is not timed.")


def main():
    load = os.getloadavg()
    shown, hidden = same_answers()
    t = Times(measure())
    head(shown, hidden, load)
    compared(t, "diagnoses", f"{ROWS['events']} rows joined with {ROWS['persons']}, 60 cells")
    compared(t, "readings", f"{ROWS['labs']} rows, 6 cells, a count of persons and a mean")
    shares(t)
    engine(t)
    print("\nnoise: a part is a difference between processes; a part smaller than the distance of its quartiles, or a")
    print("negative one, is noise. Wall times grow with whatever else runs: with a load above 1 before the run, believe")
    print("the CPU columns and the ratios before the milliseconds. The wait for the disk is what this disk reports, not")
    print("what a power cut would leave. Programs and tables were in the page cache. In the enclaves where jobs run")
    print("they pile up, one or two a round.")


main()

"""alone.py PART - parts that have nobody beside them; started by run.sh. Prints the table and keeps it.

start       what starting a confined program costs and what each layer adds; ROUNDS: default 200
disclosure  how long hiding what could be worked out takes
audit       how long verifying a long log takes; LEAVES: default 1000000
"""
import os
import subprocess
import sys
import time

import sides
from sides import HERE
from table import head

PARTS = {
    "start": ("Starting a confined program", sides.BIN / "bench_start", [os.environ.get("ROUNDS", "200")]),
    "disclosure": ("Secondary suppression", sides.PROGRAMS / "bench_secondary", []),
    "audit": ("Verifying the log", sides.PROGRAMS / "bench_audit", [os.environ.get("LEAVES", "1000000")]),
}


def main():
    part = sys.argv[1]
    title, program, arguments = PARTS[part]
    path = HERE / "results" / f"{time.strftime('%Y-%m-%d', time.gmtime())}-{part}.txt"
    lines = []

    def out(words):
        lines.append(words)
        print(words, flush=True)

    load = os.getloadavg()[0]
    head(out, title)
    out(f"as        {'root' if os.geteuid() == 0 else 'an ordinary user'}\n")
    out(subprocess.run([program, *arguments], check=True, text=True, stdout=subprocess.PIPE).stdout)
    out(f"load {load:.1f} before, {os.getloadavg()[0]:.1f} after (one minute)")
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

"""start.py - what starting a confined program costs and what each layer adds; started by run.sh. ROUNDS: default 200."""
import os
import subprocess
import time

import sides
from sides import HERE
from table import head


def main():
    path = HERE / "results" / f"{time.strftime('%Y-%m-%d', time.gmtime())}-start.txt"
    lines = []

    def out(words):
        lines.append(words)
        print(words, flush=True)

    load = os.getloadavg()[0]
    head(out, "Starting a confined program")
    out(f"as        {'root' if os.geteuid() == 0 else 'an ordinary user'}\n")
    out(subprocess.run([sides.BIN / "bench_start", os.environ.get("ROUNDS", "200")], check=True, text=True,
                       stdout=subprocess.PIPE).stdout)
    out(f"load {load:.1f} before, {os.getloadavg()[0]:.1f} after (one minute)")
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

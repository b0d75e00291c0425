"""peer_pandas.py FILE.csv - pandas: a line with the name of a question in, a line {"seconds", "cpu"} out."""
import json
import sys
import time

import pandas


def plain(ev):
    return ev.groupby([ev.region, ev.day // 18], observed=True).amount.agg(["count", "sum"])


def evidence(ev):
    units = ev.groupby([ev.region, ev.day // 18, ev.person_id], observed=True).amount.sum()
    cells = units.groupby(level=[0, 1], observed=True)
    top = units.sort_values(ascending=False).groupby(level=[0, 1], observed=True).head(2)
    return cells.size(), cells.sum(), top


def main():
    ev = pandas.read_csv(sys.argv[1], usecols=["person_id", "region", "day", "amount"], dtype={"region": "category"})
    print(json.dumps({"version": pandas.__version__}), flush=True)
    for line in sys.stdin:
        question = {"plain": plain, "evidence": evidence}[line.strip()]
        start, used = time.perf_counter(), time.process_time()
        question(ev)
        print(json.dumps({"seconds": time.perf_counter() - start, "cpu": time.process_time() - used}), flush=True)


main()

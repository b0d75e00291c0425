#!/usr/bin/env python3
"""coverage.py BUILD - executed lines by folder, from the counts that the tests of a coverage build left.

Confined programs leave no counts: they end without the system calls it would take. Their work is counted where tests
run it in their own process.
"""
import gzip
import json
import os
import subprocess
import sys
from collections import defaultdict

FOLDERS = ("enclave", "policy", "jobs", "ui-cli")


def note_files(build):
    for folder, _, files in os.walk(build):
        for name in files:
            if name.endswith(".gcno"):
                yield os.path.join(folder, name)


def reports(note):
    """What gcov says about one object; an object no test ran has notes but no counts, and counts as zero."""
    run = subprocess.run(["gcov", "--json-format", "--stdout", note], capture_output=True, check=False)
    data = run.stdout
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    for line in data.splitlines():
        if line.strip():
            yield json.loads(line)


def main():
    build = sys.argv[1]
    top = os.getcwd()
    hits = defaultdict(lambda: defaultdict(int))
    for note in note_files(build):
        for report in reports(note):
            for file in report["files"]:
                full = os.path.normpath(os.path.join(report["current_working_directory"], file["file"]))
                path = os.path.relpath(full, top)
                if path.startswith(tuple(f + os.sep for f in FOLDERS)):
                    for line in file["lines"]:
                        hits[path][line["line_number"]] += line["count"]
    folders = defaultdict(lambda: [0, 0])
    for path, lines in hits.items():
        for key in (os.path.dirname(path), "all"):
            folders[key][0] += sum(1 for count in lines.values() if count)
            folders[key][1] += len(lines)
    if not hits:
        print("no counts under " + build)
        return 1
    for folder in sorted(folders, key=lambda f: (f == "all", f)):
        done, lines = folders[folder]
        print(f"{folder:24} {done:6} of {lines:6} lines  {100 * done / lines:5.1f} %")
    with open(os.path.join(build, "lines-not-run.txt"), "w", encoding="utf-8") as out:
        for path in sorted(hits):
            missed = sorted(n for n, count in hits[path].items() if not count)
            if missed:
                out.write(f"{path}: {' '.join(map(str, missed))}\n")
    print(f"lines that no test ran: {build}/lines-not-run.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main())

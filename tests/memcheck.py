#!/usr/bin/env python3
"""memcheck.py BUILD JOBS - the unit tests of a build under valgrind; prints the count and fails on any error.

Its own loop, because a test's time limit under ctest is for a run without valgrind. Tests labelled `processes` are
left out: valgrind cannot follow a program started by descriptor.
"""
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

VALGRIND = ["valgrind", "-q", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect", "--error-exitcode=99",
            "--max-stackframe=8388608"]
SECONDS_MAX = 1800

# Tests in which a case starts a confined program: that case fails here and leaves its memory behind, so leaks are not
# judged; wrong reads and writes are.
PARTLY_PROCESSES = {"test_load_sqlite"}


def tests(build):
    """(name, command, folder) of each unit test that is a program of ours."""
    run = subprocess.run(["ctest", "--test-dir", build, "-L", "unit", "-LE", "processes", "--show-only=json-v1"],
                         capture_output=True, text=True, check=True)
    for test in json.loads(run.stdout)["tests"]:
        command = test.get("command")
        if not command:
            yield test["name"], None, None
        elif "/test-bin/" in command[0]:
            folder = next((p["value"] for p in test.get("properties", []) if p["name"] == "WORKING_DIRECTORY"), build)
            yield test["name"], command, folder


def check(test):
    """(name, fault or None)."""
    name, command, folder = test
    if command is None:
        return name, "was not built"
    start = time.monotonic()
    try:
        leaks = ["--leak-check=no"] if name in PARTLY_PROCESSES else []
        run = subprocess.run(VALGRIND + leaks + command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             errors="replace", timeout=SECONDS_MAX, check=False)
    except subprocess.TimeoutExpired:
        return name, f"did not end in {SECONDS_MAX} s"
    print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)
    if run.returncode in (0, 77) or (name in PARTLY_PROCESSES and run.returncode != 99 and run.returncode > 0):
        return name, None
    print((run.stdout + run.stderr)[-6000:], flush=True)
    return name, "memory errors" if run.returncode == 99 else f"ended with {run.returncode}"


def main():
    listed = list(tests(sys.argv[1]))
    with ThreadPoolExecutor(int(sys.argv[2])) as pool:
        faults = [(name, fault) for name, fault in pool.map(check, listed) if fault]
    for name, fault in faults:
        print(f"failed: {name} {fault}")
    failed = len(faults) + (not listed)
    print(f"{len(listed) - len(faults)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

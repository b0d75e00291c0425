#!/usr/bin/env python3
"""lint_words.py - no unfinished work left in the source, and no path of one person's machine anywhere."""
import re

from tree import Fault, read, run_lint, walk

SOURCE = (".c", ".h", ".lua", ".sh", ".py", ".cmake", "CMakeLists.txt")
TEXT = SOURCE + (".md", ".json", ".txt", ".csv", ".yml", ".1")

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|TBD)\b|(?i:\b(stub(s|bed)?|placeholders?)\b|not (yet )?implemented)")
MACHINE = re.compile(r"(?<![\w.~}-])/(root|home|mnt|media|work)/[\w.-]")
DATA_DIRS = ("examples/",)


def check(root):
    for path in walk(root, names={"run"}, suffixes=TEXT):
        if path.startswith("tests/lint/"):
            continue  # the words themselves stand here
        source = path.endswith(SOURCE) or path == "run" or path.startswith(".ci/")
        if path.endswith(".csv") and path.startswith(DATA_DIRS):
            continue  # people's data, not ours to word
        for number, line in enumerate(read(root, path).split("\n"), 1):
            match = UNFINISHED.search(line) if source else None
            if match:
                yield Fault(path, number, f"unfinished: {match.group(0)}")
            match = MACHINE.search(line)
            if match:
                yield Fault(path, number, f"a path of one machine: {match.group(0)}")


if __name__ == "__main__":
    run_lint(check, "words")

#!/usr/bin/env python3
"""lint_tried.py - the table "What is tried" of the page on disclosure: each attack names what plays it, and that exists."""
import re

from lint_attacks import known_names
from tree import Fault, read, run_lint

PAGE = "docs/disclosure.md"
HEADING = "## What is tried"
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$")


def check(root):
    names = known_names(root)
    inside, rows = False, 0
    for number, line in enumerate(read(root, PAGE).split("\n"), 1):
        if line.startswith("## "):
            inside = line == HEADING
        match = ROW.match(line) if inside else None
        if match is None and inside and line.startswith("|") and not line.startswith("|---"):
            yield Fault(PAGE, number, "a row is: attack, case, answer, with single bars between")
        if match is None or match.group(1) == "attack":
            continue
        rows += 1
        played = re.findall(r"`([^`]+)`", match.group(2))
        if not played:
            yield Fault(PAGE, number, f"{match.group(1)}: nothing plays it")
        for name in played:
            if name not in names:
                yield Fault(PAGE, number, f"{match.group(1)}: there is no {name}")
    if rows == 0:
        yield Fault(PAGE, 1, f'there is no table under "{HEADING}"')


if __name__ == "__main__":
    run_lint(check, "tried")

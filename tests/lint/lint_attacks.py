#!/usr/bin/env python3
"""lint_attacks.py - the index of attacks is whole: every number once, every name that it names exists, and every
directory of attacks is named."""
import os
import re

from tree import Fault, cmake_calls, cmake_files, cmake_text, read, run_lint, walk

INDEX = "tests/attacks/README.md"
LAST = 115
ROW = re.compile(r"^\| (\d+)([a-z]?) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$")


def known_names(root):
    """Everything a row may name."""
    names = set()
    for path in walk(root, suffixes=[".c"], under=("tests",)):
        names.update(re.findall(r"^static void (test_\w+)\(", read(root, path), re.M))
    for path in walk(root, suffixes=[".py"], under=("tests",)):
        names.add(os.path.basename(path))
    for path in cmake_files(root, under=("tests",)):
        names.update(words[0] for _, function, words in cmake_calls(cmake_text(root, path))
                     if function == "sl_fuzz_target" and words)
    for folder in ("tests/attacks", "tests/cases"):
        full = os.path.join(root, folder)
        if os.path.isdir(full):
            names.update(name for name in os.listdir(full) if os.path.isdir(os.path.join(full, name)))
    return names


def check_row(number, match, names):
    where, outcome = match.group(4), match.group(5)
    tried = re.findall(r"`([^`]+)`", where)
    for name in tried:
        if name not in names:
            yield Fault(INDEX, number, f"{match.group(1)}: there is no {name}")
    if not tried and not re.match(r"none\b.{10}", outcome):
        yield Fault(INDEX, number, f"{match.group(1)}: neither tried somewhere nor told why it does not apply")


def check(root):
    text = read(root, INDEX)
    names = known_names(root)
    seen = {}
    for number, line in enumerate(text.split("\n"), 1):
        match = ROW.match(line)
        if match:
            key = match.group(1) + match.group(2)
            if key in seen:
                yield Fault(INDEX, number, f"{key} stands in line {seen[key]}, too")
            seen[key] = number
            yield from check_row(number, match, names)
        elif re.match(r"^\|\s*\d", line):
            yield Fault(INDEX, number, "a row is: number, attack, where, outcome, with single bars between")
    for wanted in range(1, LAST + 1):
        if str(wanted) not in seen:
            yield Fault(INDEX, 1, f"attack {wanted} is missing")
    attacks = os.path.join(root, "tests/attacks")
    for name in sorted(os.listdir(attacks)):
        if os.path.isdir(os.path.join(attacks, name)) and f"`{name}`" not in text:
            yield Fault(INDEX, 1, f"{name} is not named")


if __name__ == "__main__":
    run_lint(check, "attacks")

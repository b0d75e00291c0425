#!/usr/bin/env python3
"""lint_layout.py - sizes a reader can hold: line length, function length, file length, and that each file opens by
saying its one job. Long files are only named; the others fail."""
import re
import sys

from tree import PRODUCT_DIRS, Fault, blank_comments, read, run_lint, walk

LINE_MAX = 120
FUNCTION_LINES_MAX = 80
FILE_LINES_WARNED = 700

# (path, function): why it is better long.
LONG_FUNCTIONS = {}

C_DIRS = PRODUCT_DIRS + ("tests", "bench", "examples")


def functions(text):
    """(name, first line, lines) of each function body: from a line that is `{` or ends in it, to `}` in column 0."""
    lines = blank_comments(text).split("\n")
    start = None
    for index, line in enumerate(lines):
        if start is None and line.startswith("{") or (start is None and re.match(r"^[A-Za-z_].*\)\s*\{$", line)):
            start = index
        elif start is not None and line.startswith("}"):
            yield name_before(lines, start), start + 1, index - start + 1
            start = None


def name_before(lines, start):
    """The function's name: the last word before the first parenthesis of the head."""
    head = lines[start]
    for back in range(start - 1, max(start - 12, -1), -1):
        if not lines[back].strip() or lines[back].startswith(("}", "#")):
            break
        head = lines[back] + " " + head
    match = re.search(r"(\w+)\s*\(", head)
    return match.group(1) if match else "?"


def check(root):
    for path in walk(root, suffixes=[".c", ".h"], under=C_DIRS):
        text = read(root, path)
        lines = text.split("\n")
        for number, line in enumerate(lines, 1):
            if len(line) > LINE_MAX:
                yield Fault(path, number, f"{len(line)} characters; at most {LINE_MAX}")
            if line != line.rstrip():
                yield Fault(path, number, "space at the end of the line")
        if not text.startswith(("/*", "//")):
            yield Fault(path, 1, "a file opens with a comment that says its one job")
        if not text.endswith("\n"):
            yield Fault(path, len(lines), "no newline at the end of the file")
        if len(lines) - 1 > FILE_LINES_WARNED:
            print(f"{path}: note: {len(lines) - 1} lines; above {FILE_LINES_WARNED} a file has more than one job", file=sys.stderr)
        if path.endswith(".c"):
            for name, first, count in functions(text):
                if count > FUNCTION_LINES_MAX and (path, name) not in LONG_FUNCTIONS:
                    yield Fault(path, first, f"{name} has {count} lines; at most {FUNCTION_LINES_MAX}")


if __name__ == "__main__":
    run_lint(check, "layout")

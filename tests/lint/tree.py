"""tree.py - what the lints share: walking the project, cutting comments, reporting faults.

A lint is a function check(root) that yields Fault; run_lint() makes it a program. The root is a
parameter so that test_lints.py can hand each lint a small bad tree that it must flag.
"""
import os
import re
import sys
from collections import namedtuple

Fault = namedtuple("Fault", "path line text")

SKIPPED_DIRS = {"build", ".git", ".cache", "__pycache__", "node_modules"}
PRODUCT_DIRS = ("enclave", "policy", "jobs", "ui-cli")


def walk(root, names=None, suffixes=None, under=()):
    """Paths relative to root, sorted: by suffix, or by exact file name; only under the folders named."""
    found = []
    for folder, dirs, files in os.walk(root):
        dirs[:] = sorted(d for d in dirs if d not in SKIPPED_DIRS)
        for name in files:
            path = os.path.relpath(os.path.join(folder, name), root)
            if under and not any(path.startswith(u + os.sep) for u in under):
                continue
            if (names and name in names) or (suffixes and name.endswith(tuple(suffixes))):
                found.append(path)
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def cmake_files(root, under=()):
    return walk(root, names={"CMakeLists.txt"}, suffixes=[".cmake"], under=under)


def cmake_text(root, path):
    """A CMake list without its comments; line numbers stay."""
    return re.sub(r"#[^\n]*", "", read(root, path))


def cmake_calls(text):
    """(line, function name, [words]) for each call; no nesting beyond plain parentheses."""
    for match in re.finditer(r"(?m)^[ \t]*(\w+)[ \t]*\(([^()]*)\)", text):
        words = re.findall(r'"[^"]*"|[^\s"]+', match.group(2))
        yield text.count("\n", 0, match.start(1)) + 1, match.group(1), [w.strip('"') for w in words]


def blank_comments(text):
    """C text with comments replaced by spaces; strings stay; line numbers stay."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)

    def blank(match):
        piece = match.group(0)
        return re.sub(r"[^\n]", " ", piece) if piece.startswith("/") else piece

    return pattern.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def run_lint(check, words):
    """Program of a lint: the root is the only argument. Prints each fault as path:line: text."""
    root = sys.argv[1] if len(sys.argv) > 1 else "."
    faults = list(check(root))
    for fault in faults:
        print(f"{fault.path}:{fault.line}: {fault.text}")
    print(f"{words}: {len(faults)} faults" if faults else f"{words}: clean")
    sys.exit(1 if faults else 0)

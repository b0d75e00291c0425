#!/usr/bin/env python3
"""lint_lists.py - a file in no list is not built, a test in no list does not run: every source, test and fuzz target
is named by a CMake list, every fuzz target has seeds, and every record that is decoded has a fuzz target."""
import os
import re
from fnmatch import fnmatch

from tree import PRODUCT_DIRS, Fault, blank_comments, cmake_calls, cmake_files, cmake_text, read, run_lint, walk

RUN_BY_OTHERS = {
    "tests/tally.py": "run",
    "tests/coverage.py": "run",
    "tests/memcheck.py": "run",
    "tests/fuzz/run-one.sh": "run",
    "tests/lint/clang_syntax.py": "run",
}


def lists_above(path, lists):
    """The CMake lists that may name a file: those of its folder, of the folders above it, and the project's functions."""
    folder = os.path.dirname(path)
    return [text for where, text in lists.items() if (folder + "/").startswith(where + "/") or where in ("", "cmake")]


def named(path, texts):
    base = os.path.basename(path)
    pattern = re.compile(r"(?<![\w-])" + re.escape(base) + r"(?![\w-])")
    for text in texts:
        if pattern.search(text):
            return True
        for _, function, words in cmake_calls(text):
            if function == "file" and words[:1] in (["GLOB"], ["GLOB_RECURSE"]):
                if any(fnmatch(base, os.path.basename(w)) for w in words[1:] if "*" in w):
                    return True
    return False


def gather(root):
    lists = {}
    for path in cmake_files(root):
        where = os.path.dirname(path)
        lists[where] = lists.get(where, "") + cmake_text(root, path)
    return lists


def check_sources(root, lists):
    for path in walk(root, suffixes=[".c"], under=PRODUCT_DIRS + ("tests", "bench")):
        if not named(path, lists_above(path, lists)):
            yield Fault(path, 1, "no CMake list names it: it is neither built nor run")


def check_scripts(root, lists):
    """Scripts of tests: named by a list, or by another script of the same folder, or used by ./run."""
    scripts = walk(root, suffixes=[".py", ".sh"], under=("tests",))
    for path in scripts:
        if path in RUN_BY_OTHERS or named(path, lists_above(path, lists)):
            continue
        base = os.path.basename(path)
        module = os.path.splitext(base)[0]
        users = re.compile(r"(import|from)\s+" + re.escape(module) + r"\b|(?<![\w-])" + re.escape(base) + r"\b")
        if not any(users.search(read(root, other))
                   for other in scripts if other != path):
            yield Fault(path, 1, "no CMake list and no other script names it: it never runs")


def check_fuzz(root):
    names = {}
    for path in cmake_files(root, under=("tests",)):
        for number, function, words in cmake_calls(cmake_text(root, path)):
            if function == "sl_fuzz_target" and words and "$" not in words[0]:
                names[words[0]] = (path, number)
    for name, (path, number) in sorted(names.items()):
        corpus = os.path.join(root, "tests/fuzz/corpus", name)
        seeds = [s for s in os.listdir(corpus) if not s.startswith(".")] if os.path.isdir(corpus) else []
        if not seeds:
            yield Fault(path, number, f"fuzz target {name} has no seed in tests/fuzz/corpus/{name}")
    corpora = os.path.join(root, "tests/fuzz/corpus")
    for name in sorted(os.listdir(corpora)) if os.path.isdir(corpora) else []:
        if name not in names:
            yield Fault(f"tests/fuzz/corpus/{name}", 1, "seeds of no fuzz target")


def check_decoders(root):
    """A record that a program decodes comes from another side: some target decodes it too, by name or in pact.cmake."""
    tried = {word for path in cmake_files(root, under=("tests/fuzz",)) for word in re.findall(r"\w+", cmake_text(root, path))}
    targets = [read(root, p) for p in walk(root, suffixes=[".c"], under=("tests/fuzz",)) if not p.endswith("_seeds.c")]
    for path in walk(root, suffixes=[".c"], under=PRODUCT_DIRS):
        text = blank_comments(read(root, path))
        for call in re.finditer(r"\b(?:sl_codec_decode|receive)\([^;{]*?&sl_(\w+)_record\b", text):
            name = call.group(1)
            if f"pact_{name}" not in tried and not any(f"sl_{name}_record" in target for target in targets):
                yield Fault(path, text.count("\n", 0, call.start()) + 1, f"sl_{name}_record is decoded, and by no fuzz target")


def check_folders(root):
    unit = os.path.join(root, "tests/unit")
    for name in sorted(os.listdir(unit)) if os.path.isdir(unit) else []:
        if not os.path.exists(os.path.join(unit, name, "CMakeLists.txt")):
            yield Fault(f"tests/unit/{name}", 1, "a folder of tests without CMakeLists.txt is skipped in silence")


def check(root):
    lists = gather(root)
    yield from check_sources(root, lists)
    yield from check_scripts(root, lists)
    yield from check_fuzz(root)
    yield from check_decoders(root)
    yield from check_folders(root)


if __name__ == "__main__":
    run_lint(check, "lists")

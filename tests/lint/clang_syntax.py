#!/usr/bin/env python3
"""clang_syntax.py BUILD - write BUILD/syntax.ninja: what a clang build compiles, read to the end and not compiled.

All of clang's warnings that are asked for come out of reading; to make code of it and link three hundred programs takes
twice as long again, and gcc's build does that. Ninja reads again only what changed. For `./run lint deep`.
"""
import hashlib
import json
import os
import shlex
import sys

HEAD = """rule syntax
  command = $compile -MD -MF $out.d -MT $out && touch $out
  depfile = $out.d
  deps = gcc
  description = clang reads $source

"""


def reading(entry):
    """The command of one entry, that makes no object; it is the same for a source that several targets share."""
    words = shlex.split(entry["command"])
    at = words.index("-o")
    del words[at:at + 2]
    return shlex.join(words + ["-fsyntax-only"])


def main():
    build = sys.argv[1]
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        entries = json.load(file)
    commands = {reading(entry): entry["file"] for entry in entries}
    if not commands:
        sys.exit("clang_syntax.py: nothing to read")
    with open(os.path.join(build, "syntax.ninja"), "w", encoding="utf-8") as file:
        file.write(HEAD)
        for command, source in commands.items():
            stamp = "syntax/" + hashlib.sha256(command.encode()).hexdigest()[:32]
            escaped = command.replace("$", "$$")
            file.write(f"build {stamp}: syntax\n  compile = {escaped}\n  source = {source}\n")
    os.makedirs(os.path.join(build, "syntax"), exist_ok=True)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""lint_links.py - holds the link matrix of rooms.py, by #include lines and by CMake link lines."""
import os
import re

from rooms import ROOMS, library_of_header, library_of_link, room_of
from tree import PRODUCT_DIRS, Fault, blank_comments, cmake_calls, cmake_files, cmake_text, read, run_lint, walk

# Libraries of the C system and words that are no library.
PLAIN_LINKS = {"m", "pthread", "dl", "rt", "PUBLIC", "PRIVATE", "INTERFACE"}
DEFINING = {"sl_library", "sl_confined", "add_library", "add_executable"}
SECTIONS = {"SOURCES", "LINKS", "STATIC_LIBS", "LABELS", "DEFINES", "TIMEOUT"}


def check_includes(root):
    for path in walk(root, suffixes=[".c", ".h"], under=PRODUCT_DIRS):
        room = room_of(path)
        if room is None:
            yield Fault(path, 1, "stands in no room of tests/lint/rooms.py")
            continue
        text = blank_comments(read(root, path))
        for number, line in enumerate(text.splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', line)
            if not match:
                continue
            own, system = match.groups()
            if own is not None:
                yield from check_own(root, path, number, room, own)
            library = library_of_header(own or system)
            if library and library not in ROOMS[room].libraries:
                yield Fault(path, number, f"{room} may not use {library} ({ROOMS[room].why})")


def check_own(root, path, number, room, header):
    if library_of_header(header):
        yield Fault(path, number, f'a foreign header is written <{header}>')
        return
    if not os.path.exists(os.path.join(root, header)):
        yield Fault(path, number, f'"{header}": own headers are included by their path from the top')
        return
    target = room_of(header)
    if target is None:
        yield Fault(path, number, f"{room} may not include {header}, which is in no room")
    elif target != room and target not in ROOMS[room].rooms:
        yield Fault(path, number, f"{room} may not include {header} ({ROOMS[room].why})")


def link_words(function, words):
    """The words of one call that name what is linked."""
    if function == "target_link_libraries":
        return words[1:]
    if function not in ("sl_library", "sl_confined"):
        return []
    taken, section = [], None
    for word in words[1:]:
        if word in SECTIONS:
            section = word
        elif section in ("LINKS", "STATIC_LIBS"):
            taken.append(word)
    return taken


def check_links(root):
    lists = [path for path in cmake_files(root, under=PRODUCT_DIRS)]
    homes = {}
    for path in lists:
        for _, function, words in cmake_calls(cmake_text(root, path)):
            if function in DEFINING and words:
                homes[words[0]] = room_of(os.path.dirname(path))
    for path in lists:
        for number, function, words in cmake_calls(cmake_text(root, path)):
            if function not in ("sl_library", "sl_confined", "target_link_libraries"):
                continue
            room = homes.get(words[0], room_of(os.path.dirname(path)))
            for word in link_words(function, words):
                yield from check_word(path, number, room, homes, word)


def check_word(path, number, room, homes, word):
    if word in PLAIN_LINKS or word.startswith("-Wl,"):
        return
    if word in homes:
        target = homes[word]
        if target != room and target not in ROOMS[room].rooms:
            yield Fault(path, number, f"{room} may not link {word} of {target} ({ROOMS[room].why})")
        return
    library = library_of_link(word)
    if library is None:
        yield Fault(path, number, f"links {word}, which neither a room defines nor rooms.py knows")
    elif library not in ROOMS[room].libraries:
        yield Fault(path, number, f"{room} may not link {word} ({ROOMS[room].why})")


def check(root):
    yield from check_includes(root)
    yield from check_links(root)


if __name__ == "__main__":
    run_lint(check, "link matrix")

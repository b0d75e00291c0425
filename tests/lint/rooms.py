"""rooms.py - the house as one table: which room may know which, and which library.

A room is the folder with the longest matching prefix. `rooms` are those whose headers it may include
and whose targets it may link, beside itself; `libraries` are foreign ones. A lower floor never learns
the words of a higher one, and what a confined program can do is decided by what it links.
"""
import os
from collections import namedtuple

Room = namedtuple("Room", "rooms libraries why")

EVERY_LIBRARY = {"lua", "sqlite", "openssl", "jansson", "seccomp", "smartcols", "zlib", "cmocka", "threads"}

ROOMS = {
    "enclave/base": Room(set(), set(), "what every process may use"),
    "enclave/pact": Room({"enclave/base"}, set(), "what crosses a process boundary; decoders in every process"),
    "enclave/confine": Room({"enclave/pact", "enclave/base"}, {"seccomp", "threads"},
                            "the lock-down; filters are built with libseccomp; threads start under it"),
    "enclave/vault": Room({"enclave/pact", "enclave/base"}, {"openssl"}, "segments are encrypted"),
    "enclave/keeper": Room({"enclave/pact", "enclave/confine", "enclave/base"}, set(), "starts and watches; decodes plans and findings"),
    "enclave/script": Room({"enclave/confine", "enclave/pact", "enclave/base"}, {"lua"}, "the analyst's code and nothing else"),
    "enclave/engine": Room({"enclave/vault", "enclave/confine", "enclave/pact", "enclave/base"}, {"openssl"},
                           "reads segments; no analyst code, no SQL"),
    "enclave/load": Room({"enclave/vault", "enclave/confine", "enclave/pact", "enclave/base"},
                         {"sqlite", "openssl", "zlib"}, "reads foreign tables, seals segments"),
    "policy": Room({"enclave/pact", "enclave/base"}, set(), "pure decisions"),
    "policy/json": Room({"policy", "enclave/pact", "enclave/base"}, {"jansson"}, "the one loader of policy and catalogue"),
    "policy/check": Room({"policy", "enclave/confine", "enclave/pact", "enclave/base"}, set(),
                         "judges results; no key, no table, no parser of JSON"),
    "jobs": Room({"policy", "policy/json", "enclave/keeper", "enclave/vault", "enclave/pact", "enclave/base", "jobs/store"},
                 {"openssl", "jansson", "sqlite"}, "workflow and memory"),
    "jobs/store": Room({"jobs", "policy", "enclave/vault", "enclave/pact", "enclave/base"},
                       {"sqlite", "jansson", "openssl"}, "the only SQL"),
    "ui-cli": Room({"jobs", "enclave/keeper", "enclave/confine", "enclave/pact", "enclave/base"}, {"smartcols", "jansson"},
                   "words, tables, exit codes; doctor asks the keeper, --json is written with jansson"),
}

# Rooms in which a foreign library may be linked but its header is not included: a static library
# carries its needs to the program that links it.
HEADERS = {
    "lua": ("lua.h", "lauxlib.h", "lualib.h", "luaconf.h"),
    "sqlite": ("sqlite3.h", "sqlite3ext.h"),
    "openssl": ("openssl/",),
    "jansson": ("jansson.h",),
    "seccomp": ("seccomp.h",),
    "smartcols": ("libsmartcols.h", "libsmartcols/"),
    "zlib": ("zlib.h", "zconf.h"),
    "cmocka": ("cmocka.h",),
    "threads": ("pthread.h", "threads.h"),
}

# How each library is spelled on a link line.
LINK_WORDS = {
    "lua": ("lua",),
    "sqlite": ("sqlite",),
    "openssl": ("openssl", "crypto", "libssl"),
    "jansson": ("jansson",),
    "seccomp": ("seccomp",),
    "smartcols": ("smartcols",),
    "zlib": ("zlib", "libz.", "z"),
    "cmocka": ("cmocka",),
    "threads": ("threads::threads", "pthread"),
}


def room_of(path):
    """The room a path stands in, or None (tests, bench, examples may know everything)."""
    best = None
    for room in ROOMS:
        if (path + os.sep).startswith(room + os.sep) and (best is None or len(room) > len(best)):
            best = room
    return best


def library_of_header(header):
    for library, names in HEADERS.items():
        if any(header == n or (n.endswith("/") and header.startswith(n)) for n in names):
            return library
    return None


def library_of_link(word):
    """The foreign library behind a word of a link line, or None if it is none of ours to judge."""
    low = word.lower()
    for library, spellings in LINK_WORDS.items():
        for spelling in spellings:
            if low == spelling or (len(spelling) > 1 and spelling in low):
                return library
    return None

#!/usr/bin/env python3
"""test_lints.py - each lint is handed a small tree or symbol list with one fault, and must name it; and a clean one,
and must be silent."""
import os
import tempfile
import unittest

import lint_attacks
import lint_layout
import lint_linkage
import lint_links
import lint_lists
import lint_sql
import lint_tried
import lint_words

OPENING = "/* a.c - one job. */\n"


class Tree:
    """A temporary project: {path: text}."""

    def __init__(self, files):
        self.files = files
        self.dir = tempfile.TemporaryDirectory()

    def __enter__(self):
        for path, text in self.files.items():
            full = os.path.join(self.dir.name, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as file:
                file.write(text)
        return self.dir.name

    def __exit__(self, *_):
        self.dir.cleanup()


class LintTest(unittest.TestCase):
    def flags(self, lint, files, part):
        with Tree(files) as root:
            faults = [f"{f.path}: {f.text}" for f in lint.check(root)]
        self.assertTrue(any(part in fault for fault in faults), f"{part!r} is not among {faults}")

    def silent(self, lint, files):
        with Tree(files) as root:
            self.assertEqual([f"{f.path}:{f.line}: {f.text}" for f in lint.check(root)], [])


class Attacks(LintTest):
    """One index that is whole, and each way it can stop to be."""

    @staticmethod
    def tree(rows=None, extra=None):
        numbers = {n: f"| {n} | it | none | none: there is no such thing |" for n in range(1, 116)}
        numbers[7] = "| 7 | it | `script-it`, `test_it`, `fuzz_it`, `a-case` | error |"
        numbers.update(rows or {})
        return {"tests/attacks/README.md": "\n".join(numbers.values()) + "\n", "tests/attacks/script-it/job.lua": "x",
                "tests/unit/x/test_x.c": OPENING + "static void test_it(void **state)\n{\n}\n",
                "tests/fuzz/x.cmake": "sl_fuzz_target(fuzz_it SOURCES a.c)\n", "tests/cases/a-case/run.sh": "true\n", **(extra or {})}

    def test_whole_index_passes(self):
        self.silent(lint_attacks, self.tree())
        self.silent(lint_attacks, self.tree({116: "| 7a | it | `test_it` | killed |"}))

    def test_name_of_nothing_is_flagged(self):
        for name in ("script-gone", "test_gone", "fuzz_gone", "load.sh"):
            self.flags(lint_attacks, self.tree({9: f"| 9 | it | `{name}` | error |"}), f"9: there is no {name}")

    def test_number_missing_or_twice_is_flagged(self):
        self.flags(lint_attacks, self.tree({9: ""}), "attack 9 is missing")
        self.flags(lint_attacks, self.tree({9: "| 8 | it | none | none: there is no such thing |"}), "8 stands in line 8, too")

    def test_row_without_place_or_reason_is_flagged(self):
        self.flags(lint_attacks, self.tree({9: "| 9 | it | nowhere | error |"}), "9: neither tried")
        self.flags(lint_attacks, self.tree({9: "| 9 | it | none | none |"}), "9: neither tried")
        self.flags(lint_attacks, self.tree({9: "| 9 | a|b | none | none: there is no such thing |"}), "a row is:")

    def test_directory_that_no_row_names_is_flagged(self):
        self.flags(lint_attacks, self.tree(extra={"tests/attacks/load-new/make.py": "x"}), "load-new is not named")


class Tried(LintTest):
    """The table of what is tried against disclosure names what there is."""

    @staticmethod
    def tree(*rows):
        text = "\n".join(["# A page", "", "## What is tried", "", "| attack | case | answer |", "|---|---|---|", *rows, ""])
        return {"docs/disclosure.md": text, "tests/cases/a-case/run.sh": "true\n"}

    def test_table_of_what_there_is_passes(self):
        self.silent(lint_tried, self.tree("| it | `a-case` | refused |"))

    def test_each_fault_is_flagged(self):
        self.flags(lint_tried, self.tree("| it | `a-case`, `gone` | refused |"), "it: there is no gone")
        self.flags(lint_tried, self.tree("| it | nowhere | refused |"), "it: nothing plays it")
        self.flags(lint_tried, self.tree("| it | `a-case` | refused | twice |"), "a row is:")
        self.flags(lint_tried, self.tree(), "there is no table")


class Links(LintTest):
    HEADER = {"jobs/submit.h": OPENING, "enclave/pact/plan.h": OPENING, "enclave/base/err.h": OPENING}

    def test_includes_of_a_lower_floor_pass(self):
        self.silent(lint_links, {**self.HEADER, "enclave/script/a.c": OPENING +
                                 '#include <stdio.h>\n#include <lua.h>\n#include "enclave/pact/plan.h"\n'})

    def test_include_of_a_higher_floor_is_flagged(self):
        self.flags(lint_links, {**self.HEADER, "enclave/base/a.c": '#include "enclave/pact/plan.h"\n'},
                   "enclave/base may not include enclave/pact/plan.h")
        self.flags(lint_links, {**self.HEADER, "policy/rules/a.c": '#include "jobs/submit.h"\n'}, "policy may not include")

    def test_include_of_a_forbidden_library_is_flagged(self):
        for path, header in (("enclave/script/a.c", "sqlite3.h"), ("enclave/engine/a.c", "lua.h"),
                             ("policy/check/a.c", "jansson.h"), ("enclave/load/a.c", "lauxlib.h"),
                             ("ui-cli/a.c", "openssl/evp.h"), ("policy/rules/a.c", "jansson.h")):
            self.flags(lint_links, {path: f"#include <{header}>\n"}, "may not use")

    def test_include_in_a_comment_is_no_include(self):
        self.silent(lint_links, {"enclave/script/a.c": "/*\n#include <sqlite3.h>\n*/\n"})

    def test_include_not_from_the_top_is_flagged(self):
        self.flags(lint_links, {"enclave/base/a.c": '#include "err.h"\n', "enclave/base/err.h": OPENING}, "from the top")

    def test_folder_of_no_room_is_flagged(self):
        self.flags(lint_links, {"enclave/extra/a.c": OPENING}, "stands in no room")

    def test_links_of_a_lower_floor_pass(self):
        self.silent(lint_links, {
            "enclave/pact/CMakeLists.txt": "sl_library(sl_pact SOURCES a.c LINKS)\n",
            "enclave/script/CMakeLists.txt": "# sl_store\nsl_confined(s SOURCES m.c LINKS sl_pact PkgConfig::LUA m)\n"})

    def test_link_of_a_higher_floor_is_flagged(self):
        jobs = {"jobs/CMakeLists.txt": "sl_library(sl_jobs SOURCES a.c LINKS)\n"}
        self.flags(lint_links, {**jobs, "policy/CMakeLists.txt": "sl_library(p SOURCES a.c LINKS\n\tsl_jobs)\n"}, "may not link sl_jobs")
        self.flags(lint_links, {**jobs, "policy/CMakeLists.txt": "add_library(p a.c)\ntarget_link_libraries(p PRIVATE sl_jobs)\n"},
                   "may not link sl_jobs")

    def test_link_of_a_forbidden_library_is_flagged(self):
        for path, word in (("enclave/script", "PkgConfig::SQLITE"), ("enclave/engine", "${SL_LUA_STATIC}"),
                           ("policy/check", "OpenSSL::Crypto"), ("policy/check", "crypto"), ("enclave/load", "PkgConfig::LUA"),
                           ("policy", "PkgConfig::JANSSON"), ("enclave/base", "PkgConfig::ZLIB")):
            self.flags(lint_links, {f"{path}/CMakeLists.txt": f"sl_confined(x SOURCES m.c STATIC_LIBS {word})\n"}, "may not link")

    def test_link_of_an_unknown_target_is_flagged(self):
        self.flags(lint_links, {"jobs/CMakeLists.txt": "sl_library(x SOURCES m.c LINKS curl)\n"}, "links curl")


class Layout(LintTest):
    @staticmethod
    def function(lines):
        return OPENING + "int sl_long(void)\n{\n" + "\tcall();\n" * (lines - 2) + "}\n"

    def test_clean_file_passes(self):
        self.silent(lint_layout, {"jobs/a.c": self.function(80), "jobs/a.h": "/* a.h - one job. */\n" + "x" * 120 + "\n"})

    def test_long_line_is_flagged(self):
        self.flags(lint_layout, {"jobs/a.c": OPENING + "x" * 121 + "\n"}, "121 characters")

    def test_long_function_is_flagged_by_name(self):
        self.flags(lint_layout, {"jobs/a.c": self.function(81)}, "sl_long has 81 lines")

    def test_brace_on_the_head_line_counts_too(self):
        self.flags(lint_layout, {"jobs/a.c": self.function(90).replace("(void)\n{", "(void) {")}, "sl_long has")

    def test_file_without_opening_comment_is_flagged(self):
        self.flags(lint_layout, {"jobs/a.h": "int x;\n"}, "opens with a comment")

    def test_trailing_space_is_flagged(self):
        self.flags(lint_layout, {"jobs/a.c": OPENING + "int x; \n"}, "end of the line")

    def test_tests_are_held_to_it_too(self):
        self.flags(lint_layout, {"tests/unit/a/a.c": self.function(81)}, "sl_long has 81 lines")


class Words(LintTest):
    def test_unfinished_work_is_flagged(self):
        for word in ("TODO", "FIXME", "XXX", "HACK", "stub", "placeholder", "not implemented", "not yet implemented"):
            self.flags(lint_words, {"jobs/a.c": f"/* {word}: x */\n"}, "unfinished")
            self.flags(lint_words, {"run": f"# {word}\n"}, "unfinished")

    def test_paths_of_one_machine_are_flagged(self):
        for path in ("/work/x", "/root/x", "/home/ana/x", "/mnt/x", "/media/x"):
            self.flags(lint_words, {"docs/a.md": f"see {path}\n"}, "a path of one machine")

    def test_ordinary_words_pass(self):
        self.silent(lint_words, {"jobs/a.c": '/* hackles, stubborn; the network/home/x; ~/media/x */\n', "docs/a.md": "a placeholder\n"})


class Lists(LintTest):
    def test_listed_files_pass(self):
        self.silent(lint_lists, {
            "jobs/a.c": "", "jobs/CMakeLists.txt": "sl_library(j SOURCES a.c LINKS)\n",
            "tests/unit/x/test_a.c": "", "tests/unit/x/CMakeLists.txt": "sl_unit_test(test_a SOURCES test_a.c)\n",
            "tests/fuzz/f.c": "", "tests/fuzz/x.cmake": 'sl_fuzz_target(f SOURCES "${CMAKE_CURRENT_LIST_DIR}/f.c")\n',
            "tests/fuzz/corpus/f/seed": "1",
            "tests/lint/lint_a.py": "import b\n", "tests/lint/b.py": "", "tests/lint/CMakeLists.txt": "add_test(x lint_a.py)\n"})

    def test_orphans_are_flagged(self):
        other = {"jobs/CMakeLists.txt": "# a.c\nsl_library(j SOURCES other-a.c)\n"}
        self.flags(lint_lists, {**other, "jobs/a.c": ""}, "jobs/a.c: no CMake list")
        self.flags(lint_lists, {"tests/unit/x/test_a.c": "", "tests/unit/x/CMakeLists.txt": "sl_unit_test(b SOURCES b.c)\n"},
                   "test_a.c: no CMake list")
        self.flags(lint_lists, {"tests/cases/alone.py": ""}, "alone.py: no CMake list")
        self.flags(lint_lists, {"tests/unit/x/data.txt": ""}, "skipped in silence")

    def test_fuzz_target_without_seeds_is_flagged(self):
        target = {"tests/fuzz/f.c": "", "tests/fuzz/x.cmake": "sl_fuzz_target(f SOURCES f.c)\n"}
        self.flags(lint_lists, target, "no seed")
        self.flags(lint_lists, {**target, "tests/fuzz/corpus/f/.keep": ""}, "no seed")

    def test_a_record_that_no_target_decodes_is_flagged(self):
        listed = {"policy/CMakeLists.txt": "sl_library(p SOURCES a.c)\n"}
        for call in ("sl_codec_decode(&sl_news_record, p, n, v, err)", "receive(c, F, MAX,\n\t&sl_news_record, v, err)"):
            product = {**listed, "policy/a.c": f"void f(void)\n{{\n\t{call};\n}}\n"}
            self.flags(lint_lists, product, "sl_news_record is decoded, and by no fuzz target")
            self.flags(lint_lists, {**product, "tests/fuzz/pact_seeds.c": "&sl_news_record"}, "by no fuzz target")
            seeds = {"tests/fuzz/corpus/pact_news/seed": "1", "tests/fuzz/r.c": ""}
            self.silent(lint_lists, {**product, **seeds, "tests/fuzz/x.cmake": "sl_fuzz_target(pact_news SOURCES r.c)\n"})

    def test_seeds_of_no_target_are_flagged(self):
        self.flags(lint_lists, {"tests/fuzz/corpus/gone/seed": ""}, "seeds of no fuzz target")


class Sql(LintTest):
    def test_sql_outside_the_store_is_flagged(self):
        for text in ('"SELECT a FROM b"', '"INSERT INTO b VALUES (1)"', '"INSERT OR IGNORE INTO b"', '"BEGIN IMMEDIATE"', '"COMMIT"',
                     '"PRAGMA x=1"', '"UPDATE a SET b=1"', '"DELETE FROM a"', '"CREATE TABLE a(b)"'):
            self.flags(lint_sql, {"jobs/a.c": f"const char *s = {text};\n"}, "SQL outside")
        self.flags(lint_sql, {"ui-cli/a.c": "sqlite3_open(x);\n"}, "sqlite3_open outside")

    def test_sql_in_the_store_and_words_elsewhere_pass(self):
        self.silent(lint_sql, {"jobs/store/a.c": '"SELECT a FROM b"; sqlite3_step(s);\n', "enclave/load/sqlite.c": '"SELECT * FROM t";\n',
                               "jobs/a.c": '/* sqlite3_step; "COMMIT" */ "Select a project"; "BEGIN SSH SIGNATURE";\n'})


class Linkage(unittest.TestCase):
    GOOD = {"sluice-script": {"lua_newstate", "sl_confine_lock", "sl_arena_init"},
            "sluice-engine": {"EVP_CipherInit_ex", "sl_confine_lock", "sl_arena_init"},
            "sluice-check": {"sl_check_run", "sl_confine_lock", "sl_arena_init"},
            "sluice-load": {"sqlite3_open_v2", "sl_confine_lock", "sl_arena_init"}, "sluice": {"sqlite3_open_v2"}}

    def test_good_programs_pass(self):
        for program, names in self.GOOD.items():
            self.assertEqual(list(lint_linkage.judge(program, names, [], True)), [])

    def test_forbidden_symbols_are_flagged(self):
        for program, name in (("sluice-script", "sqlite3_open"), ("sluice-script", "EVP_aes_256_gcm"), ("sluice-script", "json_loads"),
                              ("sluice-engine", "lua_pcallk"), ("sluice-engine", "sqlite3_step"), ("sluice-engine", "json_object"),
                              ("sluice-engine", "SSL_new"), ("sluice-check", "lua_close"), ("sluice-check", "sqlite3_step"),
                              ("sluice-check", "EVP_MD_CTX_new"), ("sluice-check", "json_loadb"), ("sluice-load", "luaL_newstate"),
                              ("sluice", "lua_gettop")):
            faults = list(lint_linkage.judge(program, self.GOOD[program] | {name}, [], True))
            self.assertTrue(any(name in f for f in faults), (program, name, faults))

    def test_unreadable_symbols_are_flagged(self):
        for program in self.GOOD:
            self.assertTrue(any("cannot be read" in f for f in lint_linkage.judge(program, set(), [], False)))

    def test_shared_library_of_a_confined_program_is_flagged(self):
        faults = list(lint_linkage.judge("sluice-check", self.GOOD["sluice-check"], ["libc.so.6"], True))
        self.assertTrue(any("libc.so.6" in f for f in faults))
        self.assertEqual(list(lint_linkage.judge("sluice", self.GOOD["sluice"], ["libc.so.6"], True)), [])

    def test_confined_program_with_another_allocator_is_flagged(self):
        good = self.GOOD["sluice-load"]
        self.assertTrue(any("_int_malloc" in f for f in lint_linkage.judge("sluice-load", good | {"_int_malloc"}, [], True)))
        self.assertTrue(any("no arena" in f for f in lint_linkage.judge("sluice-load", good - {"sl_arena_init"}, [], True)))
        self.assertEqual(list(lint_linkage.judge("sluice-load", good | {"_int_malloc"}, [], False)), [])

    def test_confined_program_without_lock_down_is_flagged(self):
        self.assertTrue(any("lock-down" in f for f in lint_linkage.judge("sluice-check", {"sl_check_run"}, [], True)))

    def test_object_that_derives_or_signs_is_flagged(self):
        self.assertEqual(list(lint_linkage.judge_object("x.o", {"EVP_CipherInit_ex", "memcpy"})), [])
        for name in ("EVP_DigestSign", "EVP_KDF_derive", "RAND_bytes", "PEM_read_bio_PrivateKey"):
            self.assertTrue(list(lint_linkage.judge_object("x.o", {name})))

    def test_missing_programs_are_flagged(self):
        with tempfile.TemporaryDirectory() as empty:
            self.assertEqual(len([f for f in lint_linkage.check(os.path.join(empty, "bin")) if "is missing" in f]), 5)


if __name__ == "__main__":
    unittest.main()

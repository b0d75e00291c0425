#!/usr/bin/env python3
"""test_tally.py - the closing count of ./run test: what failed, crashed or was not built never counts as passed."""
import os
import subprocess
import sys
import tempfile
import unittest

TALLY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tally.py")


def case(name, status, output="", skipped=""):
    inner = f'<skipped message="{skipped}"/>' if skipped else ""
    return f'<testcase name="{name}" status="{status}">{inner}<system-out>{output}</system-out></testcase>'


class Tally(unittest.TestCase):
    def tally(self, cases, status=0, before=(0, 0)):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "junit.xml")
            if cases is not None:
                with open(path, "w", encoding="utf-8") as file:
                    file.write("<testsuite>" + "".join(cases) + "</testsuite>")
            run = subprocess.run([sys.executable, "-B", TALLY, path, str(status), *map(str, before)], capture_output=True,
                                 text=True, check=False)
        return run.stdout.splitlines()[-1], run.returncode

    def test_plain_tests_count_as_one(self):
        self.assertEqual(self.tally([case("a", "run"), case("b", "run")]), ("2 passed, 0 failed", 0))

    def test_cmocka_cases_are_counted(self):
        out = "[==========] 7 test(s) run.\n[  PASSED  ] 7 test(s).\n"
        self.assertEqual(self.tally([case("a", "run", out), case("b", "run")]), ("8 passed, 0 failed", 0))
        out = "[==========] tests: 3 test(s) run.\n[  PASSED  ] 2 test(s).\n[  FAILED  ] tests: 1 test(s), listed below:\n"
        self.assertEqual(self.tally([case("a", "fail", out)], 8), ("2 passed, 1 failed", 1))

    def test_crash_counts_as_a_failure(self):
        self.assertEqual(self.tally([case("a", "fail", "[  PASSED  ] 7 test(s).\n")], 8), ("7 passed, 1 failed", 1))
        self.assertEqual(self.tally([case("a", "fail", "")], 8), ("0 passed, 1 failed", 1))

    def test_program_not_built_counts_as_a_failure(self):
        self.assertEqual(self.tally([case("a", "notrun", "", "Unable to find executable")], 8), ("0 passed, 1 failed", 1))

    def test_skipped_tests_are_told(self):
        skip = case("a", "notrun", "", "SKIP_RETURN_CODE=77")
        self.assertEqual(self.tally([skip, case("b", "run")]), ("1 passed, 0 failed, 1 skipped", 0))
        out = "[  PASSED  ] 6 test(s).\n[  SKIPPED ] 1 test(s), listed below:\n"
        self.assertEqual(self.tally([case("a", "run", out)]), ("6 passed, 0 failed, 1 skipped", 0))

    def test_no_report_and_no_tests_fail(self):
        self.assertEqual(self.tally(None, 1), ("0 passed, 1 failed", 1))
        self.assertEqual(self.tally([], 0), ("0 passed, 1 failed", 1))

    def test_status_of_ctest_alone_fails(self):
        self.assertEqual(self.tally([case("a", "run")], 8), ("1 passed, 1 failed", 1))

    def test_numbers_counted_before_are_added(self):
        self.assertEqual(self.tally([case("a", "run")], 0, (3, 1)), ("4 passed, 1 failed", 1))


if __name__ == "__main__":
    unittest.main()

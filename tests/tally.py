#!/usr/bin/env python3
"""tally.py JUNIT CTEST_STATUS PASSED FAILED - count a ctest run and print "N passed, N failed" as the last line.

A cmocka program counts as its cases, any other test as one. A program that failed without a failed case
(it crashed, ran out of time, was not built) counts as one failure. PASSED and FAILED were counted before.
The exit status is 0 only if nothing failed and ctest itself was content.
"""
import re
import sys
import xml.etree.ElementTree as ElementTree

CASES = re.compile(r"^\[  (PASSED  |SKIPPED |FAILED  )\] (?:\S+: )?(\d+) test\(s\)", re.MULTILINE)
SKIP_MESSAGE = "SKIP_RETURN_CODE"


def count_case(case):
    """(passed, failed, skipped) of one ctest test."""
    status = case.get("status")
    skipped = case.find("skipped")
    if status == "notrun":
        declared = skipped is not None and SKIP_MESSAGE in (skipped.get("message") or "")
        return (0, 0, 1) if declared else (0, 1, 0)
    output = case.findtext("system-out") or ""
    counts = {"PASSED": 0, "FAILED": 0, "SKIPPED": 0}
    for word, number in CASES.findall(output):
        counts[word.strip()] += int(number)
    if status == "run":
        if counts["FAILED"]:
            return (counts["PASSED"], counts["FAILED"], counts["SKIPPED"])
        return (counts["PASSED"] or (0 if counts["SKIPPED"] else 1), 0, counts["SKIPPED"])
    return (counts["PASSED"], counts["FAILED"] or 1, counts["SKIPPED"])


def main():
    path, ctest_status = sys.argv[1], int(sys.argv[2])
    passed, failed, skipped = int(sys.argv[3]), int(sys.argv[4]), 0
    try:
        cases = ElementTree.parse(path).getroot().findall("testcase")
    except (OSError, ElementTree.ParseError) as error:
        print(f"no count of the tests: {error}")
        cases, ctest_status = [], ctest_status or 1
    before = failed
    for case in cases:
        p, f, s = count_case(case)
        passed, failed, skipped = passed + p, failed + f, skipped + s
        if f:
            print(f"failed: {case.get('name')}")
        if s:
            print(f"skipped: {s} in {case.get('name')}")
    if ctest_status != 0 and failed == before:
        print(f"ctest ended with status {ctest_status} though no test failed")
        failed += 1
    if not cases and ctest_status == 0:
        failed += 1
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

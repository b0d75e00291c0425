#!/usr/bin/env python3
"""lint_sql.py - SQL stands in jobs/store only, so that what is kept can be read in one folder. sluice-load reads
foreign SQLite files and may speak to them; it has no state."""
import re

from tree import PRODUCT_DIRS, Fault, blank_comments, line_of, read, run_lint, walk

ALLOWED = ("jobs/store/", "enclave/load/")
STATEMENT = re.compile(
    r'"\s*(?:SELECT\s+[\w*(?]|INSERT\s+(?:OR\s+\w+\s+)?INTO\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b|'
    r"CREATE\s+(?:TABLE|INDEX|UNIQUE|TRIGGER|VIEW|TEMP)|ALTER\s+TABLE|DROP\s+TABLE|PRAGMA\s+\w|ATTACH\s+|"
    r'BEGIN(?:\s+\w+)?\s*;?"|COMMIT\s*;?"|ROLLBACK|SAVEPOINT\s)')
CALL = re.compile(r"\bsqlite3_\w+")


def check(root):
    for path in walk(root, suffixes=[".c", ".h"], under=PRODUCT_DIRS):
        if path.startswith(ALLOWED):
            continue
        text = blank_comments(read(root, path))
        for match in STATEMENT.finditer(text):
            yield Fault(path, line_of(text, match.start()), "SQL outside jobs/store")
        for match in CALL.finditer(text):
            yield Fault(path, line_of(text, match.start()), f"{match.group(0)} outside jobs/store")


if __name__ == "__main__":
    run_lint(check, "SQL")

"""page.py PAGE MARK: run every command that a page shows between the marks, and see that it prints what is shown."""
import re, subprocess, sys

page = open(sys.argv[1], encoding="utf-8").read()
mark = sys.argv[2]
parts = re.findall(rf"<!-- {mark}: begin -->\n```console\n(.*?)```\n<!-- {mark}: end -->", page, re.S)
assert parts, "the page has lost its marks"
for part in parts:
    for shown in re.split(r"^\$ ", part, flags=re.M)[1:]:
        command, _, expected = shown.partition("\n")
        run = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        printed = "".join(line.rstrip() + "\n" for line in (run.stdout + (run.stderr if run.returncode else "")).splitlines())
        if printed != expected:
            sys.exit(f"$ {command}\n--- the page\n{expected}--- printed\n{printed}{run.stderr}")

. "$(dirname "$0")/../lib.sh"
study
python3 - "$source_dir/docs/custodian.md" <<'END'
import re, subprocess, sys

page = open(sys.argv[1], encoding="utf-8").read()
parts = re.findall(r"<!-- workbench: begin -->\n```console\n(.*?)```\n<!-- workbench: end -->", page, re.S)
assert parts, "the page has lost its marks"
for part in parts:
    for shown in re.split(r"^\$ ", part, flags=re.M)[1:]:
        command, _, expected = shown.partition("\n")
        run = subprocess.run(["sh", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        printed = "".join(line.rstrip() + "\n" for line in run.stdout.splitlines())
        if printed != expected:
            sys.exit(f"$ {command}\n--- the page\n{expected}--- printed\n{printed}{run.stderr}")
END

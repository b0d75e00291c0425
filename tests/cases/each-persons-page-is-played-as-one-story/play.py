"""
Plays docs/people as one story. play.py PAGES: compare. play.py PAGES fill: write what was printed into the pages. What the
operator types is run by the program in OPERATOR_SHELL, when there is one.
"""
import os, pathlib, re, subprocess, sys

STORY = ["operator founds", "operator imports", "officer signs", "operator lets in", "officer asks", "officer compares",
         "analyst looks", "analyst runs", "reviewer looks", "auditor keeps", "reviewer signs", "analyst gets",
         "reviewer exports", "auditor verifies", "auditor finds", "operator later", "analyst applies", "owner is asked",
         "owner grants", "analyst uses", "reviewer asks", "analyst revises", "reviewer judges", "reviewer acknowledges",
         "owner approves", "! ana: release get L-2 --to -", "owner reads", "owner looks after", "owner takes back"]
WHO = {"operator": "", "officer": "olga", "analyst": "ana", "reviewer": "rui", "auditor": "aud", "owner": "lea"}
# What others do between, and no page shows.
ASIDE = re.compile(r"! (\w+): (.*)")
PART = re.compile(r"<!-- play: (\w+) ([a-z ]+) -->\n```console\n(.*?)```\n", re.S)
VARIES = re.compile(r"20\d\d-\d\d-\d\d(T[\d:]+Z)?|\b[0-9a-f]{16,}\b|AAAA\S+|[A-Za-z0-9+/]{40,}=*|"
                    r"(?<=demo\+)\S+|\b\d+(\.\d+)? (MB|GB|s)\b|rows/s")


def run(command, who):
    env = dict(os.environ, WHO=who)
    shell = ["sh", "-c"] if who else os.environ.get("OPERATOR_SHELL", "sh -c").split()
    return subprocess.run([*shell, command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env).stdout


def fits(printed, shown):
    pattern = ".*".join(re.escape(piece) for piece in shown.split("…"))
    return re.fullmatch(pattern, printed) is not None


def play(body, who, fill):
    text = ""
    for shown in re.split(r"^\$ ", body, flags=re.M)[1:]:
        command, _, expected = shown.partition("\n")
        printed = "".join(line.rstrip() + "\n" for line in run(command, who).splitlines())
        if fill:
            text += f"$ {command}\n" + VARIES.sub("…", printed)
            continue
        lines, wanted = printed.splitlines(), expected.splitlines()
        if len(lines) != len(wanted) or not all(map(fits, lines, wanted)):
            sys.exit(f"{who or 'operator'}$ {command}\n--- the page\n{expected}--- printed\n{printed}")
    return text


pages = pathlib.Path(sys.argv[1])
fill = sys.argv[2:] == ["fill"]
texts = {who: (pages / f"{who}.md").read_text() for who in WHO}
parts = {f"{m[1]} {m[2]}": (m[1], m[3]) for text in texts.values() for m in PART.finditer(text)}
assert sorted(parts) == sorted(name for name in STORY if not ASIDE.match(name)), set(parts) ^ set(STORY)
for name in STORY:
    if ASIDE.match(name):
        who, command = ASIDE.match(name).groups()
        subprocess.run(["sluice", *command.split(), "--key", who], stdout=subprocess.DEVNULL, check=True)
        continue
    person, body = parts[name]
    played = play(body, WHO[person], fill)
    if fill:
        texts[person] = texts[person].replace(f"<!-- play: {name} -->\n```console\n{body}", f"<!-- play: {name} -->\n```console\n{played}")
        (pages / f"{person}.md").write_text(texts[person])

. "$(dirname "$0")/../lib.sh"
study
held "$source_dir/examples/nafld/diagnoses.lua" liver
ask J-1
release R-1 L-1
held "$source_dir/examples/nafld/diagnoses.lua" liver
cat > persons.lua <<'END'
output("persons", from "study.persons":group_by("male"):summarise{persons = "units()"})
END
held persons.lua liver

replay() { expect 0 sluice policy diff "$1" --replay --key olga; }
next() { sed -e 's/"serial": 1/"serial": 2/' -e "$1" policy.json; }

# The same rules: nothing would have been otherwise. Nor with lower ones: a release loses nothing.
next 's/nothing/nothing/' > same.json
replay same.json
says '0 of 3 past jobs would now be denied, 0 of 1 past release would not have passed'
next 's/"profile": "tre-uk"/"profile": "tre-uk", "threshold": 5/' > lower.json
replay lower.json
says '0 of 1 past release would not have passed'

# A use taken away: two of three jobs used it. A table taken away: so is counting its rows.
next 's/"event": \["group", "filter"\]/"event": ["filter"]/' > use.json
replay use.json
says '2 of 3 past jobs would now be denied, 0 of 1 past release would not have passed'
says '  J-1 of ana, project liver: '
says '[use-group]'
silent '  J-3 of'
next 's/"study.persons": {.*},/"study.labs": {},/' > table.json
replay table.json
says '3 of 3 past jobs would now be denied'
says '  J-3 of ana, project liver: the table "study.persons" is not granted [no-such-table]'

# A higher threshold: numbers that left would be hidden.
next 's/"profile": "tre-uk"/"profile": "tre-uk", "threshold": 100/' > higher.json
replay higher.json
says '0 of 3 past jobs would now be denied, 1 of 1 past release would not have passed'
says '  L-1 of ana, project liver: '
says ' of its published numbers would be hidden [disclosure]'
sluice policy diff higher.json --replay --json --key olga > replay.json
python3 -c 'import json; r = json.load(open("replay.json"))["replay"]
assert (r["jobs"], r["denied"], r["releases"], r["not_passed"], r["unjudged"]) == (3, 0, 1, 1, 0), r
assert r["items"][0]["id"] == "L-1", r'

# Of a long history the newest are asked, and how many there are is said.
expect 0 sluice policy diff higher.json --replay --last 1 --key olga
says '0 of 1 past job would now be denied, 1 of 1 past release would not have passed'
says 'asked: the newest 1 of 3 jobs and 1 of 1 releases; all: --last 3'
expect 0 sluice policy diff table.json --replay --last 2 --key olga
says '2 of 2 past jobs would now be denied'
silent '  J-1 of'
expect 0 sluice policy diff table.json --replay --last 3 --key olga
silent 'asked: the newest'
expect 2 sluice policy diff table.json --replay --last 0 --key olga
expect 2 sluice policy diff table.json --last 2 --key olga

# Whoever asks is in the log, since answers about releases depend on rows.
expect 0 sluice audit log --key olga
[ "$(grep -c 'policy.replayed  olga' out)" -eq 9 ] || fail "a replay is not in the log"
expect 0 sluice audit verify --key olga
expect 3 sluice policy diff higher.json --replay --key ana
(unset SLUICE_DIR; expect 2 sluice policy diff policy.json higher.json --replay)

. "$(dirname "$0")/../lib.sh"
cp "$source_dir/tests/cases/packages/wards.json" .
# Two wards of one name, as happens. Their rents are real, so they must not show.
cat > wards.csv <<'C'
code,name,district,rent,since,note
w1,First,east,7777.5,1990-01-01,seen by nobody
w2,First,west,8888.5,2005-06-30,
w3,Third,,9999.5,2010-01-01,
C
# persons HOW MANY: of ward w1 all of them.
persons() { awk -v n="$1" 'BEGIN { print "id,ward,male"; for (i = 1; i <= n; i++) print "real-" i ",w1,1" }' > persons.csv; }
cat > job.lua <<'L'
output("districts", from "study.persons" :lookup("study.wards", "ward") :group_by("district", "ward", "male")
  :summarise { persons = "units()", rent = "sum(rent)" }
  :describe { persons = "persons", rent = "rent of their wards, in all", male = "male", district = "district", ward = "ward" })
L
persons 300
sed 's|"type": "integer"|"type": "string"|' wards.json > package.json
enclave
expect 0 sluice data import package.json
policy "$source_dir/tests/cases/packages/wards-policy.json" package.json

# see RECORD: all that invented rows show, and what the enclave is like before and after: its files, its log.
kept() {
	find enclave enclave-keys -name 'state.db*' -prune -o -type f -exec sha256sum {} + | sort
	sqlite3 -readonly enclave/state.db .dump | sha256sum
}
see() {
	kept > kept.before
	mkdir "$1"
	expect 0 sluice data dummy study.persons -p rents --key ana
	head -1 err | grep -q '^DUMMY DATA: ' || fail "stderr does not begin with DUMMY DATA"
	cp out "$1/persons.csv"
	expect 0 sluice data dummy study.wards -p rents --key ana
	cp out "$1/wards.csv"
	expect 0 sluice job check job.lua -p rents --dummy --units 60 --key ana
	cat err out > "$1/check"
	expect 0 sluice job check job.lua -p rents --dummy --units 60 --key ana --json
	cat err out > "$1/check.json"
	kept > kept.after
	cmp kept.before kept.after || { diff kept.before kept.after >&2; fail "something was kept"; }
}
see imported

# Headers by name, invented units, every row of them; the words of the domains and no value of a row.
head -1 imported/persons.csv | grep -qx 'id,ward,male' || fail "not the table's headers"
[ "$(grep -c '^DUMMY-[0-9]*,' imported/persons.csv)" -eq 1000 ] || fail "not a row for each of 1000 invented units"
[ "$(cut -d, -f1 imported/persons.csv | sort -u | wc -l)" -eq 1001 ] || fail "a unit has two rows"
cut -d, -f2 imported/persons.csv | tail -n +2 | sort -u | tr '\n' ' ' | grep -qx '  *(other) First Third \|(other) First Third  *\| (other) First Third ' ||
	fail "not the ward's domain, with missing and other ones: $(cut -d, -f2 imported/persons.csv | sort | uniq -c)"
head -1 imported/wards.csv | grep -qx 'code,district,rent,since' || fail "not the granted attributes"
[ "$(wc -l < imported/wards.csv)" -eq 4 ] || fail "not a row for each key"
if grep -rq 'real-\|7777\|8888\|9999' imported; then fail "a real value came through"; fi

# The table as it would be published, with [c], and each finding with its rule and its remedy; marked everywhere.
for text in 'DUMMY DATA FINDINGS: ' 'DUMMY DATA 1. threshold' 'must be at least 10' 'remedy: ' 'DUMMY DATA TABLE data/districts.csv' \
	'[c]' 'DUMMY DATA: a request of job.lua would be submitted'; do
	grep -qF -- "$text" imported/check || { cat imported/check >&2; fail "does not say: $text"; }
done
cat imported/check.json | python3 -c '
import json, sys
sys.stdin.readline()
dummy = json.load(sys.stdin)["dummy"]
assert dummy["releasable"] is True and dummy["units"] == 60, dummy
for item in [dummy] + dummy["files"] + dummy["findings"]:
    assert item["marking"] == "DUMMY DATA", item
assert dummy["findings"] and all(f["rule"] and f["remedy"] for f in dummy["findings"])
assert "[c]" in dummy["files"][0]["text"]
' || fail "not the JSON it should be"

# Other rows, other attributes, no rows at all: byte for byte the same.
persons 41
sed -i 's/,7777.5,/,1.5,/; s/,8888.5,/,,/; s/,west,/,north,/' wards.csv
expect 0 sluice data import package.json
see others
expect 0 sluice data forget study.persons --all
see forgotten
expect 1 sluice job run job.lua -p rents --key ana
for record in persons.csv wards.csv check check.json; do
	cmp imported/$record others/$record && cmp imported/$record forgotten/$record || fail "$record depends on rows"
done

# Other seeds and sizes, as asked; the file says what it is and is not written over.
expect 0 sluice data dummy study.persons -p rents --seed 2 --units 5 --out DUMMY-persons.csv --key ana
[ "$(wc -l < DUMMY-persons.csv)" -eq 6 ] || fail "not five rows"
expect 1 sluice data dummy study.persons -p rents --out DUMMY-persons.csv --key ana
expect 2 sluice data dummy study.persons -p rents --out persons-new.csv --key ana
says "call it DUMMY-persons-new.csv"
[ ! -e persons-new.csv ] || fail "written though refused"
expect 2 sluice data dummy study.persons -p rents --units 0 --key ana
expect 2 sluice job check job.lua -p rents --seed 3 --key ana
says "with --dummy alone"

# As a request's words are judged, here too.
expect 0 sluice job check job.lua -p rents --dummy --context "rents by district" --key ana
says "context"
says "would be refused"

# For whoever may run the job, and of what they are granted.
expect 3 sluice data dummy study.persons -p rents --key rui
expect 3 sluice job check job.lua -p rents --dummy --key rui
expect 3 sluice data dummy study.persons -p other --key ana
expect 1 sluice data dummy study.person -p rents --key ana
says 'did you mean "study.persons"?'
expect 0 sluice audit verify

# What the analyst's page shows, byte for byte.
rm -rf enclave enclave-keys
study
SLUICE_KEY=ana
export SLUICE_KEY
sed -n '/<!-- dummy script: begin/,/dummy script: end/p' "$source_dir/docs/analyst.md" | grep -v '^```\|^<!--' > ages.lua
sed -n '/<!-- dummy: begin/,/dummy: end/p' "$source_dir/docs/analyst.md" | grep -v '^```\|^<!--' > page
[ -s page ] || fail "the page has lost its marks"
grep '^\$ ' page | while read -r _ command; do
	echo "$ $command"
	sh -c "$command" 2>/dev/null | sed 's/ *$//'
done > printed
cmp page printed || { diff page printed >&2; fail "the page shows something else"; }

# The files are the rows that were computed on: counted by hand, two of them joined give every number of the preview.
expect 0 sluice data dummy study.persons -p liver --units 3000 --out dummy-persons.csv
expect 0 sluice data dummy study.events -p liver --units 3000 --out dummy-events.csv
expect 0 sluice job check "$source_dir/examples/nafld/diagnoses.lua" -p liver --dummy --units 3000 --json
python3 -c '
import collections, csv, json
person = {p["person_id"]: p for p in csv.DictReader(open("dummy-persons.csv"))}
cells = collections.defaultdict(set)
for event in csv.DictReader(open("dummy-events.csv")):
    p = person[event["person_id"]]
    age = int(p["age"])
    band = "18-39" if age < 40 else "40-64" if age < 65 else "65+"
    cells[event["event"], band, p["male"]].add(p["person_id"])
text = json.load(open("out"))["dummy"]["files"][0]["text"]
shown = 0
for row in csv.DictReader(text.splitlines()):
    count = len(cells[row["event"], row["band"], row["sex"]])
    assert row["persons"] == "[c]" or int(row["persons"]) == count, (row, count)
    assert row["persons"] == "[c]" or count >= 10, row
    shown += row["persons"] != "[c]"
assert shown > 10, text
' || fail "the preview is not of these files"

. "$(dirname "$0")/../lib.sh"
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
enclave
expect 0 sluice data import datapackage.json
# Two projects of the same analyst, with the same tables.
python3 - "$source_dir/examples/nafld/policy.json" > near.json <<'P'
import json, sys
policy = json.load(open(sys.argv[1]))
policy["disclosure"]["near"] = "earlier"
policy["projects"]["kidney"] = policy["projects"]["liver"]
json.dump(policy, sys.stdout, indent=1)
P
policy near.json datapackage.json

# persons PROJECT [CONDITION]: a job that counts persons by sex, and asks for it.
persons() {
	cat > job.lua <<L
output("persons", from "study.persons" ${2:+:where \"$2\"} :group_by("male")
  :summarise { n = "units()" } :calc { eyes = "n * 2" }
  :describe { male = "sex", n = "persons", eyes = "their eyes; unit: eyes" })
L
	held job.lua "$1"
	job=$(grep -o 'J-[0-9]*' out | head -1)
}
asked() { persons "$@"; ask "$job"; }
refused() {
	persons "$@"
	expect 3 sluice request new "$job" --context "Table 1: a case of the test suite" --key ana
	says "cannot be protected in this shape"
	says "request that one first, without the condition"
	silent L-1
}
left() { rm -rf release; release "$@"; cat release/data/persons.csv > csv; }
# has ROW…: these are the rows, and no others.
has() { { echo "male,n,eyes,[earlier]"; printf '%s\n' "$@"; } | cmp - csv || { cat csv >&2; fail "other rows"; }; }

# Three persons are older than 97: nothing has left that could stand in their place.
refused liver "age <= 97"
asked liver
left R-2 L-1
has "female,9348,18696," "male,8201,16402,"
mv release first

# Now that table has. The reviewer sees whose numbers they are, and why.
asked liver "age <= 97"
expect 0 sluice review show R-3 --key rui
says "2 of 2 rows are told again as they left"
says "0 numbers hidden"
says "small-complement, suppress"
says "L-1/data/persons.csv#row=2"
expect 0 sluice review show R-3 --json --key rui
says '"earlier":"L-1/data/persons.csv#row=3"'
expect 0 sluice review show R-3 --html page.html --key rui
grep -q 'L-1/data/persons.csv#row=3' page.html || fail "not on the page"
left R-3 L-2
has "female,9348,18696,L-1/data/persons.csv#row=2" "male,8201,16402,L-1/data/persons.csv#row=3"
# The place is a line of the earlier file.
[ "$(sed -n 3p first/data/persons.csv)" = "male,8201,16402," ] || fail "not that line"
expect 0 sluice release verify release --anchor anchor.txt
says "ok rows that are of an earlier release say which"
python3 - <<'P'
import json
record = json.load(open("release/sdc-record.json"))
assert record["near"] == "earlier" and record["suppressed"] == 0, record
assert record["outputs"][0]["earlier"] == 4, record["outputs"]
assert json.load(open("first/sdc-record.json"))["outputs"][0]["earlier"] == 0
fields = json.load(open("release/datapackage.json"))["resources"][0]["schema"]["fields"]
assert fields[-1]["name"] == "[earlier]" and fields[-1]["type"] == "string", fields
P
expect 0 sluice release export --acro acro release --anchor anchor.txt
grep -q '2 rows are of an earlier release' acro/results.json || fail "the viewer is not told"

# Eleven women are older than 93 and five men: the women's number is new, the men's is not.
asked liver "age <= 93"
left R-4 L-3
has "female,9337,18674," "male,8201,16402,L-1/data/persons.csv#row=3"
# Asked by another policy: what has no number of its own loses none, and is refused where nothing may be told again; what
# has some of its own loses them where more must be left out, sixteen here.
replayed() {
	sed -e 's|"serial": 1|"serial": 2|' -e "s|\"near\": \"earlier\"|$1|" policy.json > replayed.json
	expect 0 sluice policy diff replayed.json --replay --key olga
}
replayed '&'
says '0 of 3 past releases would not have passed'
replayed '&, "threshold": 50'
says '1 of 3 past releases would not have passed'
says 'L-3 of ana, project liver: the rules would refuse it [disclosure]'
replayed '"near": "refuse"'
says '1 of 3 past releases would not have passed'
says 'L-2 of ana, project liver: the rules would refuse it [disclosure]'
# Eight men: of the release that has the number, not of the one that told it again. Of four women: of L-3.
asked liver "age <= 92"
left R-5 L-4
has "female,9337,18674,L-3/data/persons.csv#row=2" "male,8201,16402,L-1/data/persons.csv#row=3"
# Thirteen men, and five from a row that has no number of its own: theirs is new.
asked liver "age <= 91"
left R-6 L-5
has "female,9326,18652," "male,8188,16376,"
# The same again is the same again.
asked liver "age <= 93"
left R-7 L-6
has "female,9337,18674," "male,8201,16402,L-1/data/persons.csv#row=3"

# Another project does not have those numbers, and is not told that they left.
refused kidney "age <= 97"
persons kidney "(male and age <= 93) or age <= 80"
ask "$job"
left R-9 L-7
grep -q '^male,\[c\],\[c\],$' csv || { cat csv >&2; fail "a number of another project"; }

# One that is taken back before the gate is told no more, and what says it goes back to its author: another is near.
# The women's is of L-6, which told what L-3 did.
asked liver "age <= 92 or age = 98"
says "R-10 submitted"
expect 0 sluice release revoke L-1 --reason "a wrong year" --key olga
expect 0 sluice review show R-10 --key rui
says "NOT MET  history-unmoved"
expect 3 sluice review approve R-10 --comment "seen" --key rui
says "rule: history-unmoved"
expect 0 sluice review return R-10 --reason "L-1 was taken back" --key rui
expect 0 sluice request revise R-10 --key ana
left R-10 L-8 --revision 2
has "female,9337,18674,L-6/data/persons.csv#row=2" "male,8188,16376,L-5/data/persons.csv#row=3"
# What left with its numbers before is what it was.
expect 0 sluice release get L-2 --to second --key ana
expect 0 sluice release verify second --anchor anchor.txt
expect 0 sluice audit verify

# Numbers that left under other rules are not told again under these.
sed -e 's|"serial": 1|"serial": 2|' -e 's|"near": "earlier"|&, "threshold": 12|' policy.json > two.json
expect 0 sluice policy diff two.json --key olga
expect 0 sluice policy sign two.json --key olga
expect 0 sluice policy apply two.json --signature two.json.sig
refused liver "age <= 92"
# Nor where policy says so no more, and then no table has the column.
sed -e 's|"serial": 1|"serial": 3|' -e 's|"near": "earlier"|"near": "refuse"|' policy.json > three.json
expect 0 sluice policy diff three.json --key olga
says "rule near"
expect 0 sluice policy sign three.json --key olga
expect 0 sluice policy apply three.json --signature three.json.sig
persons liver "age <= 92"
expect 3 sluice request new "$job" --context "Table 1: a case of the test suite" --key ana
silent "without the condition"
asked liver "age <= 60"
left R-13 L-9
head -1 csv | grep -qx "male,n,eyes" || fail "a column for nothing"

. "$(dirname "$0")/../lib.sh"
# Two projects of ana's over the same persons: what left for the one counts for the other.
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
enclave
expect 0 sluice data import datapackage.json
python3 - "$source_dir/examples/nafld/policy.json" > two.json <<'P'
import json, sys
policy = json.load(open(sys.argv[1]))
policy["projects"]["heart"] = dict(policy["projects"]["liver"], purpose="How old the persons are")
json.dump(policy, sys.stdout, indent=1)
P
policy two.json datapackage.json

# up_to AGE [PROJECT]: run a job that counts persons up to an age; $job is its number. 7 persons are 90, 7 are 93.
up_to() {
	cat > job.lua <<L
output("persons", from "study.persons" :where "age <= $1" :group_by("male") :summarise { n = "units()" }
  :describe { male = "sex", n = "persons" })
L
	held job.lua "${2:-liver}"
	job=$(grep -o 'J-[0-9]*' out | head -1)
}

up_to 89
ask "$job"
release R-1 L-1
mv release first

# The same question has the same answer, however often.
up_to 89
ask "$job"
release R-2 L-2
cmp first/data/persons.csv release/data/persons.csv
rm -r release

# One year more, and the difference is seven persons: refused, in words that say nothing of them; in the other project too.
for project in liver heart; do
	up_to 90 $project
	expect 3 sluice request new "$job" --context "Table 2: one year more of the same" --key ana
	says "what was asked for cannot be protected in this shape"
	silent L-1
done

# Two requests, each fine alone. The first is released; what the second would tell beside it is judged again, and it returns.
up_to 92
ask "$job"
up_to 93
ask "$job"
expect 0 sluice review show R-5 --key rui
says "met      history-unmoved"
release R-5 L-3
expect 3 sluice review approve R-6 --comment "seen" --key rui
says history-unmoved
says "return it to its author"

rm -r release

# Totals leave; then their cells are asked for. Beside a hidden one another is hidden, and the reviewer is told beside what.
cat > job.lua <<'L'
local events = from "study.events" :join(from "study.persons") :derive { band = "bands(age)", sex = "male" }
output("totals", events :group_by("event", "band") :summarise { persons = "units()" }
  :describe { event = "diagnosis", band = "age", persons = "persons" })
output("cells", events :group_by("event", "band", "sex") :summarise { persons = "units()" }
  :describe { event = "diagnosis", band = "age", sex = "sex", persons = "persons" })
L
held job.lua liver
job=$(grep -o 'J-[0-9]*' out | head -1)
expect 0 sluice request new "$job" --context "Table 3: totals by age, their cells later" --output totals --key ana
release R-7 L-4
mv release totals
expect 0 sluice request new "$job" --context "Table 4: the cells of table 3" --output cells --key ana
expect 0 sluice review show R-8 --key rui
says 'history'
says 'beside L-4, output "totals", event'
release R-8 L-5 --acknowledge depth
grep -q '"history": "beside all earlier releases' release/sdc-record.json
! grep -q 'L-4' release/sdc-record.json release/datapackage.json
expect 0 sluice release verify release --anchor anchor.txt
# With pencil and paper: no total less what is shown of it is a number below ten, none left over included.
python3 - <<'P'
import csv, collections
hidden, shown = collections.Counter(), collections.Counter()
for row in csv.DictReader(open("release/data/cells.csv")):
    key = row["event"], row["band"]
    if row["persons"] == "[c]":
        hidden[key] += 1
    else:
        shown[key] += int(row["persons"])
left = {(row["event"], row["band"]): int(row["persons"]) - shown[row["event"], row["band"]]
        for row in csv.DictReader(open("totals/data/totals.csv")) if row["persons"] != "[c]"}
given_back = {key: n for key, n in left.items() if hidden[key] and n < 10}
assert not given_back, given_back
assert any(hidden.values()) and any(shown.values())
P

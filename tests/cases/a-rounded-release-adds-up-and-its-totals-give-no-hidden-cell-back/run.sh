. "$(dirname "$0")/../lib.sh"
cp "$source_dir"/examples/nafld/*.csv.gz "$source_dir"/examples/nafld/datapackage.json .
enclave
expect 0 sluice data import datapackage.json
sed -e 's|"profile": "tre-uk"|"profile": "opensafely"|' \
	-e 's|"study.events": {"event": \["group", "filter"\]}|"study.events": {"event": ["group"], "days": ["measure"]}|' \
	"$source_dir/examples/nafld/policy.json" > rounded.json

policy rounded.json datapackage.json
expect 0 sluice policy show --summary
says "disclosure profile opensafely, threshold 8, counts to the nearest 5"

# A threshold that would leave one count to the smallest number that is printed is no policy.
sed 's|"profile": "opensafely"|&, "threshold": 12|' policy.json > edge.json
expect 65 sluice policy lint edge.json
says "would tell the count to 1"

cat > job.lua <<'L'
local events = from "study.events" :join(from "study.persons") :derive { band = "bands(age)" }
local numbers = { persons = "units()", entries = "count()", men = "count_if(male)", of_men = "share(male)", total = "sum(days)" }
local words = { event = "diagnosis", band = "age at entry, years", persons = "persons with the diagnosis", entries = "entries",
  men = "entries of men", of_men = "share of entries that are of men", women = "entries of women", total = "sum of days from entry", purpose = "diagnoses, all years; unit: person" }
output("cells", events :group_by("event", "band") :summarise(numbers) :calc { women = "entries - men" } :describe(words))
words.band = nil
output("totals", events :group_by("event") :summarise(numbers) :calc { women = "entries - men" } :describe(words))
L
held job.lua liver
ask J-1
expect 0 sluice review show R-1 --key rui
says "ROUNDED: counts to the nearest 5: the least that is printed, 10, is 8 to 12"
expect 0 sluice review show R-1 --key rui --json
says '"rounding":"counts to the nearest 5'
release R-1 L-1 --acknowledge negatives
python3 - <<'P'
import csv, collections
cells = list(csv.DictReader(open("release/data/cells.csv")))
totals = {row["event"]: row for row in csv.DictReader(open("release/data/totals.csv"))}
hidden = 0
for column in "persons", "entries", "men", "total":
    sums, known = collections.Counter(), set()
    for row in cells:
        hidden += row[column] == "[c]"
        if row[column] != "[c]":
            known.add(row["event"])
            sums[row["event"]] += int(row[column])
            assert column == "total" or int(row[column]) % 5 == 0, (column, row)
    for event, row in totals.items():
        if row[column] != "[c]":
            assert event in known and sums[event] == int(row[column]), (column, event, sums[event], row)
# Of a diagnosis with a cell whose men are hidden and whose entries are not, the total of men is of fewer cells than that of entries.
apart = {row["event"] for row in cells if row["men"] == "[c]" and row["entries"] != "[c]"}
for row in cells + [row for event, row in totals.items() if event not in apart]:
    if "[c]" not in (row["of_men"], row["men"], row["entries"]):
        assert abs(float(row["of_men"]) - int(row["men"]) / int(row["entries"])) <= 5 / int(row["entries"]), row
        assert int(row["women"]) == int(row["entries"]) - int(row["men"]), row
assert hidden and sum(row["entries"] != "[c]" for row in totals.values()) >= 3, (hidden, totals)
P
grep -q '"kind": "round"' release/sdc-record.json
grep -q '"base": 5' release/sdc-record.json
grep -q '"totals": "of the rounded cells' release/sdc-record.json
expect 0 sluice release verify release --anchor anchor.txt

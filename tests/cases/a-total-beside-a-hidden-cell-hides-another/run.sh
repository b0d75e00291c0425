. "$(dirname "$0")/../lib.sh"
study
cat > job.lua <<'L'
local events = from "study.events" :join(from "study.persons") :derive { band = "bands(age)", sex = "male" }
output("cells", events :group_by("event", "band", "sex") :summarise { persons = "units()" }
  :describe { event = "diagnosis", band = "age", sex = "sex", persons = "persons" })
output("margin", events :group_by("event", "band") :summarise { persons = "units()" }
  :describe { event = "diagnosis", band = "age", persons = "persons" })
L
held job.lua liver
expect 0 sluice request new J-1 --context "cells and their totals" --key ana
expect 0 sluice review show R-1 --key rui
says secondary
silent margins
release R-1 L-1
# With pencil and paper: no total that is shown has exactly one hidden part.
python3 - <<'P'
import csv, collections
hidden, shown, total = collections.Counter(), collections.Counter(), {}
for row in csv.DictReader(open("release/data/cells.csv")):
    key = row["event"], row["band"]
    if row["persons"] == "[c]":
        hidden[key] += 1
    else:
        shown[key] += int(row["persons"])
for row in csv.DictReader(open("release/data/margin.csv")):
    if row["persons"] != "[c]":
        total[row["event"], row["band"]] = int(row["persons"])
assert sum(hidden.values()) >= 2 and total, (hidden, total)
given_back = {key: total[key] - shown[key] for key in total if hidden[key] == 1}
assert not given_back, given_back
P
expect 0 sluice release verify release --anchor anchor.txt
grep -q '"secondary": "within the request"' release/sdc-record.json
# and the margin asked for once more, later and by itself, gives no hidden cell of the first release back
mv release first
held job.lua liver
ask_again=$(grep -o 'J-[0-9]*' out | head -1)
expect 0 sluice request new "$ask_again" --context "the margin later" --output margin --key ana
release R-2 L-2
python3 - <<'P'
import csv, collections
hidden, shown, total = collections.Counter(), collections.Counter(), {}
for row in csv.DictReader(open("first/data/cells.csv")):
    key = row["event"], row["band"]
    if row["persons"] == "[c]":
        hidden[key] += 1
    else:
        shown[key] += int(row["persons"])
for file in "first", "release":
    for row in csv.DictReader(open(file + "/data/margin.csv")):
        if row["persons"] != "[c]":
            total[row["event"], row["band"]] = int(row["persons"])
given_back = {key: total[key] - shown[key] for key in total if hidden[key] and total[key] - shown[key] < 10}
assert not given_back, given_back
P

. "$(dirname "$0")/../lib.sh"
# Everybody has a ward, and of the table.
sed -e 's|, "other": true||' -e 's|"name": "ward", "type": "string",|& "constraints": {"required": true},|' \
	"$source_dir/tests/cases/packages/wards.json" > wards.json
# w1 is small; the smallest of the others, w4, lies in another district. w7 is the only one of the north.
cat > wards.csv <<'C'
code,name,district,rent,since,note
w1,First,east,12.5,1990-01-01,
w2,Second,east,8,2005-06-30,
w3,Third,east,9,2010-01-01,
w4,Fourth,west,30.5,1980-02-29,
w5,Fifth,west,20,1970-12-31,
w6,Sixth,west,10.1,2000-01-01,
w7,Seventh,north,9,2001-01-01,
C
awk 'BEGIN {
	print "id,ward,male"
	split("6 40 60 14 70 80 90", n, " ")
	for (w = 1; w <= 7; w++)
		for (i = 0; i < n[w]; i++)
			print w * 1000 + i ",w" w "," (i % 2)
}' > persons.csv
cat > job.lua <<'L'
local persons = from "study.persons" :lookup("study.wards", "ward")
local told = { ward = "ward", district = "district", n = "persons, all; unit: person", male = "male" }
local function say(keys) local w = { n = told.n } for _, k in ipairs(keys) do w[k] = told[k] end return w end
output("wards", persons :group_by("ward") :summarise { n = "units()" } :describe(say { "ward" }))
output("districts", persons :group_by("district") :summarise { n = "units()" } :describe(say { "district" }))
output("city", persons :summarise { n = "units()" } :describe(say {}))
output("both", persons :group_by("district", "ward") :summarise { n = "units()" } :describe(say { "district", "ward" }))
L
enclave
expect 0 sluice data import wards.json
policy "$source_dir/tests/cases/packages/wards-policy.json" wards.json
held job.lua rents
ask J-1
expect 0 sluice review show R-1 --key rui
says secondary
silent margins
release R-1 L-1
expect 0 sluice release verify release --anchor anchor.txt
cat > attack.py <<'P'
import csv
of = {row["name"]: row["district"] for row in csv.DictReader(open("wards.csv"))}
true = {"First": 6, "Second": 40, "Third": 60, "Fourth": 14, "Fifth": 70, "Sixth": 80, "Seventh": 90}
read = lambda name: list(csv.DictReader(open(f"release/data/{name}.csv")))
wards = {row["ward"]: row["n"] for row in read("wards") if row["ward"] in of}
districts = {row["district"]: row["n"] for row in read("districts") if row["district"] in of.values()}
assert wards["First"] == "[c]" and wards["Second"] == "[c]", wards
assert all(wards[w] == str(true[w]) for w in true if w not in ("First", "Second")), wards
assert districts == {"east": "106", "west": "164", "north": "90"}, districts
assert read("city")[0]["n"] == "360"
for row in read("both"):
    if of.get(row["ward"]) == row["district"]:
        assert row["n"] == wards[row["ward"]], row
# Whatever First is, from nobody to sixteen, the rest fits.
east = int(districts["east"]) - int(wards["Third"])
assert all(0 <= east - first for first in range(17))
P
python3 attack.py

# Where policy rounds, districts and the city are of the printed wards.
sed -e 's|"profile": "tre-uk"|"profile": "opensafely"|' "$source_dir/tests/cases/packages/wards-policy.json" > rounded.json
rm -rf enclave* release
enclave
expect 0 sluice data import wards.json
policy rounded.json wards.json
held job.lua rents
ask J-1
release R-1 L-1
python3 - <<'P'
import csv, collections
of = {row["name"]: row["district"] for row in csv.DictReader(open("wards.csv"))}
read = lambda name: list(csv.DictReader(open(f"release/data/{name}.csv")))
sums, all_of_it = collections.Counter(), 0
for row in read("wards"):
    if row["n"] != "[c]" and row["ward"] in of:
        assert int(row["n"]) % 5 == 0, row
        sums[of[row["ward"]]] += int(row["n"])
        all_of_it += int(row["n"])
for row in read("districts"):
    if row["district"] in sums:
        assert int(row["n"]) == sums[row["district"]], (row, sums)
assert read("city")[0]["n"] == str(all_of_it) == "355", all_of_it
P

. "$(dirname "$0")/../lib.sh"
sed -e 's|, "other": true||' -e 's|"name": "ward", "type": "string",|& "constraints": {"required": true},|' \
	"$source_dir/tests/cases/packages/wards.json" > wards.json
cat > wards.csv <<'C'
code,name,district,rent,since,note
w1,First,east,12.5,1990-01-01,
w2,Second,east,8,2005-06-30,
w3,Third,east,9,2010-01-01,
w4,Fourth,west,30.5,1980-02-29,
w5,Fifth,west,20,1970-12-31,
C
# persons FIRST: so many in the first ward.
persons() {
	awk -v first="$1" 'BEGIN {
		print "id,ward,male"
		split(first " 40 60 34 70", n, " ")
		for (w = 1; w <= 5; w++)
			for (i = 0; i < n[w]; i++)
				print w * 1000 + i ",w" w "," (i % 2)
	}' > persons.csv
}
# All but six are refused; the median is six persons' own rent, and for a person; the first ward is small.
cat > job.lua <<'L'
local persons = from "study.persons" :lookup("study.wards", "ward")
output("wards", persons :group_by("ward") :summarise { n = "units()" } :describe { ward = "ward", n = "persons, all; unit: person" })
output("city", persons :summarise { n = "units()", rent = "quantile(rent, 0.5)" }
  :describe { n = "persons, all; unit: person", rent = "median rent of their wards; of: n" })
output("most", persons :where "ward <> 'First'" :summarise { n = "units()" } :describe { n = "persons, all; unit: person" })
L
persons 6
enclave
expect 0 sluice data import wards.json
policy "$source_dir/tests/cases/packages/wards-policy.json" wards.json
held job.lua rents
expect 3 sluice request new J-1 --context "Table 1: a case of the test suite" --key ana
cat out err > refused
for word in cured tried 'without output' 'without column' 'First' '6 units'; do
	! grep -qF -- "$word" refused || { cat refused >&2; fail "the author is told: $word"; }
done
expect 0 sluice review show R-1 --key rui
says 'wards: 1 of 5 groups has fewer than 10 units; without ward: 0 of 1, with ward by its district: 0 of 2'
says 'without output most nothing refuses: 2 of 7 numbers hidden, 1 finding to judge'
silent 'without output city nothing refuses'
silent 'without output wards nothing refuses'
grep -A6 'small-complement, refuse' out | grep -qx '   tried: cured without output most' ||
	{ cat out >&2; fail "the finding does not say what cured it, and nothing else"; }
grep -A8 'quantile-value, review' out | grep -qF 'tried: cured without output city, without column rent of city' ||
	{ cat out >&2; fail "what is to judge does not say what cured it"; }
grep -A7 'threshold (MinimumThresholdCheck)' out | grep -qF 'tried: cured without key ward, with ward by its district' ||
	{ cat out >&2; fail "a small ward does not say what cured it"; }
expect 0 sluice review show R-1 --json --key rui
python3 -c '
import json
r = json.load(open("out"))
refused = [f for f in r["findings"] if f["severity"] == "refuse"]
assert [f["tried"] for f in refused] == ["cured without output most"], refused
assert [x["count"] for x in r["look_at_first"] if x["what"] == "tried"] == [2], r["look_at_first"]
' || fail "JSON"
expect 0 sluice review show R-1 --html page.html --key rui
grep -qF 'cured without output most' page.html || fail "not on the page"

# What was said to do does: it passes, with as many hidden and as much to judge; by district nothing is too small.
without() {
	expect 0 sluice job run "$1" -p rents --key ana
	ask "$2"
	expect 0 sluice review show "$3" --key rui
	says "$4"
	says "$5"
	expect 0 sluice request withdraw "$3" --key ana
}
grep -v '^output("most"' job.lua > passes.lua
without passes.lua J-2 R-2 '2 of 7 numbers are hidden' 'without column rent of city: 2 of 6 numbers hidden, 0 findings to judge'
sed -e 's/, rent = "quantile(rent, 0.5)"//' -e 's/, rent = "median rent.*n" })/ })/' passes.lua > plain.lua
without plain.lua J-3 R-3 '2 of 6 numbers are hidden' 'FINDINGS: 2'
sed -e 's/:group_by("ward")/:group_by("district")/' -e 's/{ ward = "ward",/{ district = "district",/' plain.lua > districts.lua
# Only where nobody is: in the north, and where no district is known.
without districts.lua J-4 R-4 '2 of 5 numbers are hidden, in 5 rows: threshold 2, zero 2' 'FINDINGS: 4'

# In no way of asking is the author told, and one more person in the first ward changes nothing of what the author sees.
for command in 'request show R-1' 'request show R-1 --json' 'request ls' 'job show J-1' 'job show J-1 --json'; do
	# shellcheck disable=SC2086 # words
	expect 0 sluice $command --key ana
	for word in cured tried 'without output' 'without column'; do
		! grep -qF -- "$word" out || { cat out >&2; fail "$command tells its author: $word"; }
	done
done
expect 3 sluice review show R-1 --key ana

# Of invented rows everything may be told.
expect 0 sluice job check job.lua -p rents --dummy --units 40 --key ana
says 'DUMMY DATA'
says 'tried: cured without key ward'

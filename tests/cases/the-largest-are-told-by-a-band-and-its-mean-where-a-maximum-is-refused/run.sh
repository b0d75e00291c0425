. "$(dirname "$0")/../lib.sh"
# 400 persons with a pay of 1,005 to 4,995; the one numbered 390 has 9,000. Marked: that one, and the sixty with the least.
awk 'BEGIN { print "id,marked,pay"; for (i = 1; i <= 400; i++) print i "," (i <= 60 || i == 390 ? 1 : 0) "," (i == 390 ? 9000 : 995 + i * 10) }' > people.csv
cat > datapackage.json <<'END'
{"name": "work", "title": "Work", "resources": [{"name": "people", "path": "people.csv", "title": "People", "sluice": {"owner": "office",
"class": "confidential", "owner_approval": false, "unit": {"column": "id", "space": "person"}, "period": "2025", "one_row_per_unit": true}, "schema": {"fields": [
{"name": "id", "type": "integer", "constraints": {"required": true}, "sluice": {"level": 4}},
{"name": "marked", "type": "boolean", "title": "Marked", "trueValues": ["1"], "falseValues": ["0"], "constraints": {"required": true}, "sluice": {"uses": ["filter"], "level": 2}},
{"name": "pay", "type": "integer", "title": "Pay", "constraints": {"required": true, "minimum": 0}, "sluice": {"uses": ["group", "measure"], "measured_in": "EUR", "level": 3,
 "bands": [0, 2000, {"from": 4000, "label": "4000 and more"}]}}]}}]}
END
enclave
expect 0 sluice data import datapackage.json
sed -e 's/"study": "sha/"work": "sha/' -e 's/"study.persons": .*/"work.people": {"marked": ["filter"], "pay": ["group", "measure"]}/' \
	-e '/"study.events"/d' "$source_dir/examples/nafld/policy.json" > template.json
policy template.json datapackage.json
cat > largest.lua <<'L'
output("largest", from "work.people" :summarise { persons = "units()", most = "max(pay)" } :describe { persons = "persons", most = "pay" })
L
expect 3 sluice job check largest.lua -p liver --key ana
says "is one unit's own value"
says 'remedy: group by bands of the column and ask for the mean of each: in the topmost it is that of the largest; or ask for a quantile that enough units lie beyond'

cat > bands.lua <<'L'
output("bands", from "work.people" :derive { band = "bands(pay)" } :group_by("band") :summarise { persons = "units()", pay = "mean(pay)" }
  :describe { band = "band of pay", persons = "persons; unit: person", pay = "pay, mean; of: persons" })
L
held bands.lua liver
ask J-1
expect 0 sluice review show R-1 --key rui
says 'FINDINGS: 0'
release R-1 L-1
python3 -c '
import csv
pay = [9000 if i == 390 else 995 + i * 10 for i in range(1, 401)]
top = [p for p in pay if p >= 4000]
row = [r for r in csv.DictReader(open("release/data/bands.csv")) if r["band"] == "4000 and more"][0]
assert int(row["persons"]) == len(top) == 100, row
assert abs(float(row["pay"]) - sum(top) / len(top)) < 0.006 and sum(sorted(pay)[-100:]) == sum(top), row
' || fail "the topmost band is not that of the hundred largest"

# A quantile: enough are below and above. And the band again, of those who are not marked.
cat > quantile.lua <<'L'
output("nine_tenths", from "work.people" :summarise { persons = "units()", pay = "quantile(pay, 0.9)" }
  :describe { persons = "persons; unit: person", pay = "nine tenths have no more; of: persons" })
L
held quantile.lua liver
ask J-2
expect 0 sluice review show R-2 --raw --key rui
says '4595,400'
expect 0 sluice request withdraw R-2 --key ana
sed 's/from "work.people"/& :where "not marked"/' bands.lua > fewer.lua
held fewer.lua liver
ask J-3
expect 0 sluice review show R-3 --key rui
grep -qE '4000 and more +\[c\] history +\[c\] history' out || { cat out >&2; fail "the topmost band of one fewer is shown"; }

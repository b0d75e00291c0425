. "$(dirname "$0")/../lib.sh"
# A grade is 2 or 7, which no catalogue says: of region B 3 persons have 7, of region A 60.
# Region B: 58 persons without children, 59 with one, three with two. Region A: 60 and 60. Sites: 140, 57 and 3 persons.
{
	echo id,region,kids,many,grade,site
	awk 'BEGIN { for (i = 1; i <= 240; i++) {
		b = i % 2 == 1
		print i "," (b ? "B" : "A") "," (b && i <= 6 ? 2 : int(i / 2) % 2) "," (b ? i % 60 == 1 : i % 4 == 0) + int(i / 2) % 2 + int(i / 4) % 2 "," \
			(b ? i <= 6 : i % 4 == 0) * 5 + 2 "," \
			(i > 200 ? "" : b && i <= 6 ? "n3" : i <= 60 ? "n2" : "n1") } }'
} > persons.csv
printf 'code,name,beds\nn1,North,37\nn2,South,412\nn3,East,509\n' > sites.csv
cat > datapackage.json <<'J'
{ "name": "study", "resources": [
  { "name": "sites", "path": "sites.csv", "title": "Sites",
    "sluice": {"owner": "office", "class": "open", "reference": {"key": "code", "label": "name"}},
    "schema": { "fields": [
      {"name": "code", "type": "string", "constraints": {"required": true}},
      {"name": "name", "type": "string", "constraints": {"required": true}},
      {"name": "beds", "type": "integer", "title": "Beds", "constraints": {"required": true, "minimum": 0, "maximum": 9999},
       "sluice": {"uses": ["filter", "measure"], "measured_in": "beds"}} ] } },
  { "name": "persons", "path": "persons.csv", "title": "Persons",
    "sluice": {"owner": "office", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
               "period": "2020"},
    "schema": { "fields": [
      {"name": "id", "type": "integer"},
      {"name": "region", "type": "string", "title": "Region", "constraints": {"enum": ["A", "B"], "required": true},
       "sluice": {"uses": ["group", "filter"]}},
      {"name": "kids", "type": "integer", "title": "Children", "constraints": {"required": true, "minimum": 0, "maximum": 2},
       "sluice": {"uses": ["measure"], "measured_in": "children"}},
      {"name": "many", "type": "integer", "title": "Visits", "constraints": {"required": true, "minimum": 0, "maximum": 3},
       "sluice": {"uses": ["measure"], "measured_in": "visits"}},
      {"name": "grade", "type": "integer", "title": "Grade", "constraints": {"required": true},
       "sluice": {"uses": ["measure"], "measured_in": "grades"}},
      {"name": "site", "type": "string", "title": "Site",
       "sluice": {"uses": ["group", "filter"], "domain": "study.sites"}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "kids": { "purpose": "Children, visits and beds", "analysts": ["ana"], "expires": "@EXPIRES@", "approvals": 1,
      "tables": { "study.persons": {"region": ["group", "filter"], "kids": ["measure"], "many": ["measure"], "grade": ["measure"],
                                    "site": ["group", "filter"]},
                  "study.sites": {"beds": ["measure", "filter"]} } } } }
J
enclave
expect 0 sluice data import datapackage.json
policy template.json datapackage.json

n=0
# seen LINE …: what the reviewer sees of job.lua.
seen() {
	n=$((n + 1))
	held job.lua kids
	ask "J-$n"
	expect 0 sluice review show "R-$n" --raw --key rui
	for line in "$@"; do
		grep -qE "^$line\$" out || { cat out >&2; fail "J-$n: no line $line"; }
	done
}
# by_region NUMBERS LINE …: two numbers, a and b, in this order.
by_region() {
	cat > job.lua <<L
output("t", from "study.persons" :group_by("region") :summarise { n = "units()", $1 }
  :describe { region = "region", n = "persons", a = "a number; unit: points", b = "another; unit: points" })
L
	shift
	seen "$@"
}
c='\[c\]' some='[0-9.]+'
by_region 'a = "sum(kids)", b = "var(kids)"' "A,60,$some,120" "B,65,$c,120"
expect 0 sluice review show R-1 --key rui
says "3 units, must be at least 10"
by_region 'a = "mean(kids)", b = "sd(kids)"' "A,$some,$some,120" "B,$some,$c,120"
by_region 'a = "sum(kids)", b = "sum(kids * kids)"' "A,60,60,120" "B,65,$c,120"
# Of four values several divisions have the same sum and spread: that few have three of them is not told.
by_region 'a = "mean(many)", b = "sd(many)"' "A,$some,$some,120" "B,$some,$some,120"
# Two values that the catalogue does not tell are in the table.
by_region 'a = "sum(grade)", b = "mean(grade)"' "A,540,$some,120" "B,$c,$c,120"
# Beds of 140, 57 and 3 persons: no other division of 200 has that sum. Nor has the mean.
for fn in sum mean; do
	cat > job.lua <<L
output("t", from "study.persons" :lookup("study.sites", "site") :where "beds > 0" :summarise { n = "units()", b = "$fn(beds)" }
  :describe { n = "persons", b = "beds of their site; of: persons" })
L
	seen "$c,200"
done
# By region only that of B, where the three are.
cat > job.lua <<'L'
output("t", from "study.persons" :lookup("study.sites", "site") :where "beds > 0" :group_by("region")
  :summarise { n = "units()", b = "sum(beds)" } :describe { n = "persons", b = "beds of their site", region = "region" })
L
seen "A,$some,100" "B,$c,100"

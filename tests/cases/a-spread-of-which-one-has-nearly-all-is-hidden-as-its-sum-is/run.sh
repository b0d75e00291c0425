. "$(dirname "$0")/../lib.sh"
# Region A: one has 100,000, the others 1 to 39. B: one has 9,000, the others about 3,000. C: nobody stands out.
{
	echo id,region,pay,years
	awk 'BEGIN { for (i = 0; i < 120; i++) { r = int(i / 40); n = i % 40
		pay = r == 0 ? (n == 0 ? 100000 : n) : r == 1 ? (n == 0 ? 9000 : 2980 + n) : 1000 + 37 * n
		print i + 1 "," substr("ABC", r + 1, 1) "," pay "," n * 7 % 40 } }'
} > persons.csv
cat > datapackage.json <<'J'
{ "name": "study", "resources": [ { "name": "persons", "path": "persons.csv", "title": "Persons",
  "sluice": {"owner": "office", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
             "period": "2020"},
  "schema": { "fields": [
    {"name": "id", "type": "integer"},
    {"name": "region", "type": "string", "title": "Region", "constraints": {"enum": ["A", "B", "C"], "required": true},
     "sluice": {"uses": ["group", "filter"]}},
    {"name": "pay", "type": "integer", "title": "Pay", "constraints": {"required": true, "minimum": 0, "maximum": 1000000},
     "sluice": {"uses": ["measure"], "measured_in": "EUR"}},
    {"name": "years", "type": "integer", "title": "Years", "constraints": {"required": true, "minimum": 0, "maximum": 99},
     "sluice": {"uses": ["measure"], "measured_in": "years"}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "pay": { "purpose": "Pay by region", "analysts": ["ana"], "expires": "@EXPIRES@", "approvals": 1,
      "tables": { "study.persons": {"region": ["group", "filter"], "pay": ["measure"], "years": ["measure"]} } } } }
J
enclave
expect 0 sluice data import datapackage.json
policy template.json datapackage.json

n=0
# asked STATISTIC A B C: what the reviewer sees of it in each region.
asked() {
	n=$((n + 1))
	cat > job.lua <<L
output("t", from "study.persons" :group_by("region") :summarise { n = "units()", s = "$1" }
  :describe { region = "region", n = "persons", s = "pay; unit: EUR" })
L
	held job.lua pay
	ask "J-$n"
	expect 0 sluice review show "R-$n" --raw --key rui
	for line in "A,40,$2" "B,40,$3" "C,40,$4"; do
		grep -qE "^$line\$" out || { cat out >&2; fail "$1: no line $line"; }
	done
}
c='\[c\]' some='-?[0-9.]+'
asked "sum(pay)" "$c" 126000 68860
asked "sd(pay)" "$c" "$c" "$some"
asked "var(pay)" "$c" "$c" "$some"
asked "slope(pay, years)" "$c" "$c" "$some"
asked "corr(pay, years)" "$c" "$c" "$some"
expect 0 sluice review show R-2 --key rui
says dominance

. "$(dirname "$0")/../lib.sh"
# 240 persons, of whom three have no pay, three no age, two no flag. Visits: one of fifty has 3,000, all others one.
{
	echo id,pay,age,flag
	awk 'BEGIN { for (i = 1; i <= 240; i++) print i "," (i % 80 == 7 ? "" : 1000 + i * 7 % 501) "," \
		(i % 80 == 9 ? "" : 20 + i % 60) "," (i % 120 == 11 ? "" : i % 2) }'
} > persons.csv
{
	echo id,kind
	awk 'BEGIN { for (i = 1; i <= 50; i++) { print i ",a"; print i ",b" } for (k = 1; k < 3000; k++) print "3,a"; print "4,b" }'
} > visits.csv
cat > datapackage.json <<'J'
{ "name": "study", "resources": [
  { "name": "persons", "path": "persons.csv", "title": "Persons",
    "sluice": {"owner": "office", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
               "period": "2020"},
    "schema": { "fields": [
      {"name": "id", "type": "integer"},
      {"name": "pay", "type": "integer", "title": "Pay", "constraints": {"minimum": 0, "maximum": 9999},
       "sluice": {"uses": ["measure", "filter"], "measured_in": "EUR"}},
      {"name": "age", "type": "integer", "title": "Age", "constraints": {"minimum": 18, "maximum": 99},
       "sluice": {"uses": ["measure", "filter", "group"], "bands": [18, 40, 65, 100], "measured_in": "years"}},
      {"name": "flag", "type": "boolean", "title": "Flag", "trueValues": ["1"], "falseValues": ["0"],
       "sluice": {"uses": ["group", "filter"]}} ] } },
  { "name": "visits", "path": "visits.csv", "title": "Visits",
    "sluice": {"owner": "office", "class": "open", "unit": {"column": "id", "space": "person"}, "period": "2020"},
    "schema": { "fields": [
      {"name": "id", "type": "integer"},
      {"name": "kind", "type": "string", "title": "Kind", "constraints": {"enum": ["a", "b", "c"], "required": true},
       "sluice": {"uses": ["group", "filter"], "structural_zero": true}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "pay": { "purpose": "Pay, ages and visits", "analysts": ["ana"], "expires": "@EXPIRES@", "approvals": 1,
      "tables": { "study.persons": {"pay": ["measure", "filter"], "age": ["measure", "filter", "group"],
                                    "flag": ["group", "filter"]}, "study.visits": {"kind": ["group", "filter"]} } } } }
J
enclave
expect 0 sluice data import datapackage.json
policy template.json datapackage.json

n=0
# asked SUMMARISE LINE: what the reviewer sees of all persons.
asked() {
	n=$((n + 1))
	cat > job.lua <<L
output("t", from "study.persons" :summarise { $1 }
  :describe { n = "persons", a = "a number; unit: EUR; of: persons", b = "another; unit: EUR; of: persons" })
L
	grep -q 'b = "' job.lua || fail "no second number"
	seen "$2"
}
seen() {
	held job.lua pay
	ask "J-$n"
	expect 0 sluice review show "R-$n" --raw --key rui
	for line in "$@"; do
		grep -qE "^$line\$" out || { cat out >&2; fail "J-$n: no line $line"; }
	done
}
c='\[c\]' some='[0-9.]+'
asked 'n = "units()", a = "sum(pay)", b = "mean(pay)"' "$c,$some,240"
expect 0 sluice review show R-1 --key rui
says "3 units, must be at least 10"
asked 'n = "units()", a = "count_if(flag)", b = "share(flag)"' "$some,$c,240"
asked 'n = "units()", a = "count_if(flag)", b = "count_if(not flag)"' "$some,$c,240"
# Either alone says nothing of them.
n=$((n + 1))
cat > job.lua <<'L'
output("t", from "study.persons" :summarise { n = "units()", m = "mean(pay)" } :describe { n = "persons", m = "pay, mean" })
L
seen "$some,240"
# Of a histogram beside the count of the cell one band goes, in one output or in another one.
n=$((n + 1))
cat > job.lua <<'L'
output("t", from "study.persons" :summarise { n = "units()", h = "hist(age)" } :describe { n = "persons" })
L
held job.lua pay
ask "J-$n"
expect 0 sluice review show "R-$n" --raw --key rui
[ "$(grep -c '\[c\]' out)" -eq 1 ] || { cat out >&2; fail "no band is hidden"; }

# Of kind a one person has nearly all rows; of kind b one has two: for the reviewer. Nobody has c, and that is public.
n=$((n + 1))
cat > job.lua <<'L'
output("t", from "study.visits" :group_by("kind") :summarise { n = "units()", r = "count()" }
  :describe { kind = "kind", n = "persons", r = "visits" })
L
seen "a,50,$c" "b,50,51" "c,0,0"
expect 0 sluice review show "R-$n" --key rui
says "dominance"
says "where few units have several"

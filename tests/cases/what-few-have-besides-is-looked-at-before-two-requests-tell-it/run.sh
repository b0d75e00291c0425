. "$(dirname "$0")/../lib.sh"
{
	echo id,sex,pay,bonus
	awk 'BEGIN { for (i = 1; i <= 200; i++) print i "," (i % 2 ? "m" : "f") "," 3000 + i * 7 % 501 "," (i == 7 ? 4321 : 0) }'
} > persons.csv
cat > datapackage.json <<'J'
{ "name": "study", "resources": [ { "name": "persons", "path": "persons.csv", "title": "Persons",
  "sluice": {"owner": "office", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
             "period": "2020"},
  "schema": { "fields": [
    {"name": "id", "type": "integer"},
    {"name": "sex", "type": "string", "title": "Sex", "constraints": {"enum": ["f", "m"], "required": true},
     "sluice": {"uses": ["group", "filter"]}},
    {"name": "pay", "type": "integer", "title": "Pay", "constraints": {"minimum": 0, "maximum": 100000, "required": true},
     "sluice": {"uses": ["measure"], "measured_in": "euro"}},
    {"name": "bonus", "type": "integer", "title": "Bonus", "constraints": {"minimum": 0, "maximum": 100000, "required": true},
     "sluice": {"uses": ["measure"], "measured_in": "euro"}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "pay": { "purpose": "What is paid, by sex", "analysts": ["ana"], "expires": "@EXPIRES@",
      "approvals": 1, "tables": { "study.persons": {"sex": ["group", "filter"], "pay": ["measure"],
                                                    "bonus": ["measure"]} } } } }
J
enclave
expect 0 sluice data import datapackage.json
policy template.json datapackage.json

# asked N GROUPED SUM: job and request N, and what its reviewer is shown.
asked() {
	by='' word=''
	[ "$2" = all ] || { by=":group_by(\"$2\")"; word="$2 = \"$2\", "; }
	cat > job.lua <<L
output("t", from "study.persons" $by :summarise { n = "units()", s = "$3" }
  :describe { ${word}n = "persons", s = "money; unit: euro; of: persons", purpose = "money; unit: person, 2020" })
L
	held job.lua pay
	ask "J-$1"
	expect 0 sluice review show "R-$1" --key rui
}

asked 1 all 'sum(pay)'
release R-1 L-1
# An ordinary second question.
asked 2 sex 'mean(pay)'
grep -q differencing out && fail "$(cat out)"
rm -rf release
release R-2 L-2

asked 3 all 'sum(pay + bonus)'
grep -q 'differencing' out && grep -q 'beside L-1, output "t", the only row' out || fail "$(cat out)"
# Nobody approves it without having seen that.
expect 3 sluice review approve R-3 --comment seen --key rui
expect 0 sluice review approve R-3 --comment seen --acknowledge differencing --key rui

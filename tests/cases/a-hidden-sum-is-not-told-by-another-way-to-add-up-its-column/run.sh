. "$(dirname "$0")/../lib.sh"
# Of region A one has 400,000 of 402,105; in B and C all have about 20,000.
{
	echo id,region,pay,bonus,days
	awk 'BEGIN { for (i = 1; i <= 220; i++)
		print i "," (i <= 20 ? "A" : i % 2 ? "B" : "C") "," (i == 5 ? 400000 : i <= 20 ? 100 + i : 20000 + i) "," 10 + i % 9 "," 100 + i % 50 }'
} > persons.csv
cat > datapackage.json <<'J'
{ "name": "study", "resources": [ { "name": "persons", "path": "persons.csv", "title": "Persons",
  "sluice": {"owner": "office", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
             "period": "2020"},
  "schema": { "fields": [
    {"name": "id", "type": "integer"},
    {"name": "region", "type": "string", "title": "Region", "constraints": {"enum": ["A", "B", "C"], "required": true},
     "sluice": {"uses": ["group", "filter"]}},
    {"name": "pay", "type": "integer", "title": "Pay", "constraints": {"minimum": 0, "maximum": 2000000, "required": true},
     "sluice": {"uses": ["measure"], "measured_in": "euro"}},
    {"name": "bonus", "type": "integer", "title": "Bonus", "constraints": {"minimum": 0, "maximum": 2000000, "required": true},
     "sluice": {"uses": ["measure"], "measured_in": "euro"}},
    {"name": "days", "type": "integer", "title": "Days", "constraints": {"minimum": 0, "maximum": 366, "required": true},
     "sluice": {"uses": ["measure"], "measured_in": "days"}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "pay": { "purpose": "What is paid, by region", "analysts": ["ana"], "expires": "@EXPIRES@",
      "approvals": 1, "tables": { "study.persons": {"region": ["group", "filter"], "pay": ["measure"],
                                                    "bonus": ["measure"], "days": ["measure"]} } } } }
J
enclave
expect 0 sluice data import datapackage.json
policy template.json datapackage.json

cat > job.lua <<'L'
output("t", from "study.persons" :group_by("region") :summarise { n = "units()", s = "sum(pay)" }
  :describe { region = "region", n = "persons", s = "pay; unit: euro", purpose = "pay; unit: person, 2020" })
L
held job.lua pay
ask J-1
release R-1 L-1
grep -qx 'A,20,\[c\]' release/data/t.csv || fail "$(cat release/data/t.csv)"
grep -qx 'B,100,2012000' release/data/t.csv || fail "$(cat release/data/t.csv)"

# total SUM: job with one sum of everybody.
total() {
	cat > job.lua <<L
output("t", from "study.persons" :summarise { n = "units()", s = "$1" }
  :describe { n = "persons", s = "money; unit: euro", purpose = "pay; unit: person, 2020" })
L
	held job.lua pay
}

n=2
for sum in 'sum(pay)' 'sum(pay * 2)' 'mean(2000000 - pay)' 'sum(pay + bonus)' 'sum(pay * pay)'; do
	total "$sum"
	ask "J-$n"
	expect 0 sluice review show "R-$n" --key rui
	grep -q 'history' out && grep -q 'beside L-1, output "t", region [BC]' out || fail "$sum: $(cat out)"
	expect 0 sluice review show "R-$n" --raw --key rui
	grep -qx '220,\[c\]' out || fail "$sum: $(cat out)"
	n=$((n + 1))
done

# The spread of everybody's pay is that one person's by itself.
total 'sd(pay)'
ask "J-$n"
expect 0 sluice review show "R-$n" --raw --key rui
grep -qE '^[0-9]+,\[c\]$' out || fail "$(cat out)"
n=$((n + 1))

total 'sum(days)'
ask "J-$n"
expect 0 sluice review show "R-$n" --key rui
grep -q 'beside L-1' out && fail "$(cat out)"
rm -rf release
release "R-$n" L-2

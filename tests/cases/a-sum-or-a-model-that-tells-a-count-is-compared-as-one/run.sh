. "$(dirname "$0")/../lib.sh"
# 445 of 1,000 are kids, three of them rare; 103 have a and 80 have b, three of them both.
{
	echo id,kid,pay,a,b,rare
	awk 'BEGIN { for (i = 1; i <= 1000; i++)
		print i "," (i <= 445) "," 2000 + i * 37 % 997 "," (i <= 103) "," (i > 100 && i <= 180) "," (i <= 3 || (i > 445 && i % 7 == 0)) }'
} > persons.csv
cat > datapackage.json <<'J'
{ "name": "study", "resources": [ { "name": "persons", "path": "persons.csv", "title": "Persons",
  "sluice": {"owner": "clinic", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
             "period": "2020"},
  "schema": { "fields": [
    {"name": "id", "type": "integer"},
    {"name": "kid", "type": "integer", "constraints": {"required": true, "minimum": 0, "maximum": 1},
     "sluice": {"uses": ["filter", "measure"], "measured_in": "persons"}},
    {"name": "pay", "type": "integer", "constraints": {"required": true, "minimum": 0, "maximum": 9999},
     "sluice": {"uses": ["measure"], "measured_in": "euro"}},
    {"name": "a", "type": "integer", "constraints": {"required": true, "minimum": 0, "maximum": 1},
     "sluice": {"uses": ["measure"], "measured_in": "persons"}},
    {"name": "b", "type": "integer", "constraints": {"required": true, "minimum": 0, "maximum": 1},
     "sluice": {"uses": ["measure"], "measured_in": "persons"}},
    {"name": "rare", "type": "boolean", "trueValues": ["1"], "falseValues": ["0"],
     "constraints": {"required": true}, "sluice": {"uses": ["filter"]}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "kids": { "purpose": "How many kids there are", "analysts": ["ana"], "expires": "@EXPIRES@",
      "approvals": 1, "tables": { "study.persons": {"kid": ["filter", "measure"], "pay": ["measure"], "a": ["measure"],
        "b": ["measure"], "rare": ["filter"]} } } } }
J
sum='output("t", from "study.persons" :summarise { n = "units()", s = "sum(kid)" }
  :describe { n = "persons", s = "kids", purpose = "counts; unit: person, 2020" })'
model='output("t", from "study.persons" :summarise { n = "units()", m = "lm(pay, kid = 1)" }
  :describe { n = "persons", purpose = "pay of kids; unit: euro, 2020", m_0 = "pay; unit: euro", m_1 = "pay; unit: euro",
    m_0_se = "error; unit: euro", m_1_se = "error; unit: euro", m_r2 = "explained; unit: 1; of: variance" })'
slope='output("t", from "study.persons" :summarise { n = "units()", k = "slope(a, b)" }
  :describe { n = "persons", k = "slope; unit: 1; of: b", purpose = "slope of a and b, 2020" })'
less='output("u", from "study.persons" :where "kid = 1 and not rare" :summarise { n = "units()" }
  :describe { n = "persons", purpose = "counts; unit: person, 2020" })'

start() {
	rm -rf enclave enclave-keys release
	enclave
	expect 0 sluice data import datapackage.json
	policy template.json datapackage.json
}

# refused N: the same persons but three, beside what left.
refused() {
	printf '%s\n' "$less" > job.lua
	held job.lua kids
	expect 3 sluice request new "J-$1" --key ana --context 'Kids that are not rare, for the yearly report of the clinic.'
	expect 0 sluice review show "R-$1" --key rui
	says "$2"
}

for first in sum model; do
	start
	eval "printf '%s\n' \"\$$first\"" > job.lua
	held job.lua kids
	ask J-1
	release R-1 L-1
	head -n 1 release/data/t.csv > first-line
	grep -q "(" first-line && fail "what is implied is printed: $(cat first-line)"
	refused 2 'beside L-1, output "t", the only row'
done

start
printf '%s\n' "$slope" > job.lua
held job.lua kids
ask J-1
expect 0 sluice review show R-1 --key rui
says '3 units, must be at least 10'
release R-1 L-1
grep -qxF '[c],1000' release/data/t.csv || fail "$(cat release/data/t.csv)"

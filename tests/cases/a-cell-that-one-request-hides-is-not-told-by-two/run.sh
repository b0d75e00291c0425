. "$(dirname "$0")/../lib.sh"
# 120 of region A, 10 of them sick; of region B half are.
{
	echo id,region,sick
	awk 'BEGIN { for (i = 1; i <= 240; i++) print i "," (i <= 120 ? "A" : "B") "," (i <= 120 ? i <= 10 : i % 2) }'
} > persons.csv
cat > datapackage.json <<'J'
{ "name": "study", "resources": [ { "name": "persons", "path": "persons.csv", "title": "Persons",
  "sluice": {"owner": "clinic", "class": "open", "unit": {"column": "id", "space": "person"}, "one_row_per_unit": true,
             "period": "2020"},
  "schema": { "fields": [
    {"name": "id", "type": "integer"},
    {"name": "region", "type": "string", "title": "Region", "constraints": {"enum": ["A", "B"], "required": true},
     "sluice": {"uses": ["group", "filter"]}},
    {"name": "sick", "type": "boolean", "title": "Sick", "trueValues": ["1"], "falseValues": ["0"],
     "constraints": {"required": true}, "sluice": {"uses": ["group", "filter"], "sensitive": true}} ] } } ] }
J
cat > template.json <<'J'
{ "sluice_policy": 1, "enclave": "demo", "serial": 1,
  "people": { "olga": {"roles": ["officer"], "key": "@OLGA@"}, "rui": {"roles": ["reviewer"], "key": "@RUI@"},
              "ana": {"roles": ["analyst"], "key": "@ANA@"} },
  "catalogues": {"study": "sha256:@CATALOGUE@"}, "disclosure": {"profile": "tre-uk"},
  "projects": { "wards": { "purpose": "How many are sick, by region", "analysts": ["ana"], "expires": "@EXPIRES@",
      "approvals": 1, "tables": { "study.persons": {"region": ["group", "filter"], "sick": ["group", "filter"]} } } } }
J
totals='output("t", from "study.persons" :group_by("region") :summarise { n = "units()" }
  :describe { region = "region", n = "persons", purpose = "counts; unit: person, 2020" })'
cells='output("t", from "study.persons" :group_by("region", "sick") :summarise { n = "units()" }
  :describe { region = "region", sick = "sick", n = "persons", purpose = "counts; unit: person, 2020" })'

start() {
	rm -rf enclave enclave-keys release
	enclave
	expect 0 sluice data import datapackage.json
	policy template.json datapackage.json
}

# asked N SCRIPT: job, request and release N, and what left.
asked() {
	rm -rf release
	printf '%s\n' "$2" > job.lua
	held job.lua wards
	ask "J-$1"
	expect 0 sluice review show "R-$1" --key rui
	cp out shown
	release "R-$1" "L-$1"
	t=release/data/t.csv
}

has() { grep -qx "$1" "$t" || fail "$t has no line $1: $(cat "$t")"; }

# The total first: the cell beside the hidden one is hidden too, and the finding says beside what.
start
asked 1 "$totals"
has A,120
asked 2 "$cells"
has 'A,false,\[c\]'
has 'A,true,\[c\]'
has 'B,true,60'
grep -q 'beside L-1, output "t", region A' shown || fail "$(cat shown)"

# The cells first: of the totals that one is hidden, and no other.
start
asked 1 "$cells"
has 'A,false,\[c\]'
has A,true,10
asked 2 "$totals"
has 'A,\[c\]'
has B,120
